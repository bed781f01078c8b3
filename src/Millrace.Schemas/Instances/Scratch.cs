namespace Millrace.Schemas.Instances;

/// <summary>The buffers of one validation. They are kept for each thread, so that a valid event allocates nothing.</summary>
internal sealed class Scratch
{
    /// <summary>What a thread keeps: enough for events of some hundred kilobytes. Larger buffers are let go after use.</summary>
    private const int KeptTokens = 32 * 1024;
    private const int KeptBytes = 1024 * 1024;

    [ThreadStatic]
    private static Scratch? _ofThisThread;

    public Token[] Tokens = new Token[128];

    /// <summary>Text of the strings that had escapes.</summary>
    public byte[] Unescaped = [];

    public char[] Chars = [];

    /// <summary>Sets of bits, stacked: which members or items have been evaluated, which names have been seen.</summary>
    public ulong[] Bits = new ulong[32];

    public ulong[] SortKeys = [];

    /// <summary>The schema resources entered so far, for dynamic references.</summary>
    public Compilation.SchemaResource[] Scope = new Compilation.SchemaResource[16];

    /// <summary>For each open object, a filter of the hashes of its names.</summary>
    public readonly ulong[] NameFilters = new ulong[JsonLimits.MaxDepth + 1];

    /// <summary>Takes this thread's buffers; a second taker on the same thread, such as a resolver that compiles a schema, gets its own.</summary>
    public static Scratch Take()
    {
        var scratch = _ofThisThread ?? new Scratch();
        _ofThisThread = null;
        return scratch;
    }

    public void GiveBack()
    {
        if (Tokens.Length > KeptTokens)
        {
            Tokens = new Token[128];
        }

        if (Unescaped.Length > KeptBytes)
        {
            Unescaped = [];
        }

        if (Chars.Length > KeptBytes)
        {
            Chars = [];
        }

        if (Bits.Length > KeptTokens)
        {
            Bits = new ulong[32];
        }

        if (SortKeys.Length > KeptTokens)
        {
            SortKeys = [];
        }

        _ofThisThread = this;
    }

    /// <summary>At least <paramref name="length"/> characters.</summary>
    public char[] CharsOf(int length) => Chars.Length >= length ? Chars : Chars = new char[Math.Max(256, length)];

    /// <summary>At least <paramref name="length"/> keys.</summary>
    public ulong[] SortKeysOf(int length) => SortKeys.Length >= length ? SortKeys : SortKeys = new ulong[Math.Max(64, length)];
}
