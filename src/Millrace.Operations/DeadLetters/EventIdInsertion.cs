using System.Text;

namespace Millrace.Operations.DeadLetters;

/// <summary>Puts an id into an event that passed the check and has none: at its front, or in the place of a <c>null</c>. All else stays as it is.</summary>
internal static class EventIdInsertion
{
    private const int NullCharacters = 4;

    /// <param name="json">The event.</param>
    /// <param name="nullAt">Where the value of <c>"eventId":null</c> begins; -1 when there is no such field.</param>
    /// <param name="id">The id.</param>
    public static byte[] Apply(ReadOnlySpan<byte> json, int nullAt, Guid id)
    {
        // The event has its type at least, so a comma always follows.
        var addition = Encoding.UTF8.GetBytes(nullAt >= 0 ? $"\"{id}\"" : $"\"eventId\":\"{id}\",");
        var at = nullAt >= 0 ? nullAt : json.IndexOf((byte)'{') + 1;
        return [.. json[..at], .. addition, .. json[(nullAt >= 0 ? at + NullCharacters : at)..]];
    }
}
