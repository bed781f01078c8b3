using System.Collections.Frozen;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Formats;

/// <summary>One of the formats of the standard, as an assertion.</summary>
/// <param name="Description">What the text must be, for a message.</param>
internal sealed record Format(string Description, Format.Check Accepts)
{
    private static readonly FrozenDictionary<string, Format> Known = new Dictionary<string, Format>
    {
    }.ToFrozenDictionary();

    public delegate bool Check(ReadOnlySpan<byte> text, Scratch scratch);

    /// <summary>The format; null for one that the standard does not have, which then asserts nothing.</summary>
    public static Format? Find(string name) => Known.GetValueOrDefault(name);
}
