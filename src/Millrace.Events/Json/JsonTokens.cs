namespace Millrace.Events.Json;

/// <summary>The tokens of one JSON text, with the buffers that they stand in. The next text that is read takes their place.</summary>
internal sealed class JsonTokens
{
    /// <summary>What is kept from text to text: enough for events of some hundred kilobytes.</summary>
    private const int KeptItems = 32 * 1024;
    private const int KeptBytes = 1024 * 1024;

    public Token[] Items = new Token[128];

    public int Count;

    /// <summary>Texts that had escapes without them, each where it stands in the document: that is never shorter, so they do not meet.</summary>
    public byte[] Unescaped = [];

    /// <summary>For each open object, a filter of the hashes of its names.</summary>
    public ulong[] NameFilters = [];

    public ulong[] SortKeys = [];

    /// <summary>Where a name begins that its object had before; -1 when there is none. Whether that is an error is for the reader to say.</summary>
    public int DuplicateNameAt;

    /// <summary>Where an escape stands for U+0000; -1 when none does.</summary>
    public int NulAt;

    /// <summary>Whether a number has an exponent, or more digits than anybody writes: only such ones can be out of a range.</summary>
    public bool HasUnusualNumbers;

    /// <summary>Whether the text as it is written has no characters beyond ASCII. An escape may still stand for one.</summary>
    public bool IsAscii;

    /// <summary>How many texts have been read, by which what refers to an earlier one can tell that it is gone.</summary>
    public int Readings;

    /// <summary>Whether the buffers have become larger than what should be kept for the next text.</summary>
    public bool AreLarge => Items.Length > KeptItems || Unescaped.Length > KeptBytes || SortKeys.Length > KeptItems;

    /// <summary>Reads a text.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="limits">What is read of it at most.</param>
    /// <param name="position">The byte at which the problem was found.</param>
    public JsonProblem Read(ReadOnlySpan<byte> utf8, JsonLimits limits, out int position)
    {
        Readings++;
        Count = 0;
        DuplicateNameAt = NulAt = -1;
        HasUnusualNumbers = false;
        IsAscii = false;
        if (NameFilters.Length <= limits.MaxDepth)
            NameFilters = new ulong[limits.MaxDepth + 1];
        return Tokenizer.Read(utf8, this, limits, out position);
    }

    /// <summary>The text that was read, with its tokens.</summary>
    /// <param name="utf8">That text.</param>
    public JsonView View(ReadOnlySpan<byte> utf8) => new(utf8, Items.AsSpan(0, Count), Unescaped, IsAscii);

    /// <summary>At least <paramref name="length"/> keys.</summary>
    public ulong[] SortKeysOf(int length) => SortKeys.Length >= length ? SortKeys : SortKeys = new ulong[Math.Max(64, length)];
}
