using System.Text;
using Millrace.Events;

namespace Millrace.Registry.Versions;

/// <summary>Names of event types, as events may have them: 1 to 200 characters that PostgreSQL can hold.</summary>
internal static class EventTypeName
{
    public static bool IsOne(string name)
    {
        var count = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value == 0 || ++count > EnvelopeReader.MaxEventTypeCharacters)
                return false;
        }

        return count > 0 && HasOnlyCharacters(name);
    }

    // A lone surrogate is no character, and comes back as another one.
    private static bool HasOnlyCharacters(string name) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) == name;
}
