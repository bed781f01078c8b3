using Millrace.Events.Json;

namespace Millrace.Schemas.Instances;

/// <summary>The buffers of one validation. They are kept for each thread, so that a valid event allocates nothing.</summary>
internal sealed class Scratch
{
    /// <summary>What a thread keeps, in elements: enough for events of some hundred kilobytes. Larger buffers are let go after use.</summary>
    private const int KeptBits = 32 * 1024;
    private const int KeptChars = 1024 * 1024;

    [ThreadStatic]
    private static Scratch? _ofThisThread;

    /// <summary>The instance, when nobody has read it yet.</summary>
    public JsonTokens Json = new();

    public char[] Chars = [];

    /// <summary>Sets of bits, stacked: which members or items have been evaluated, which names have been seen.</summary>
    public ulong[] Bits = new ulong[32];

    /// <summary>The schema resources entered so far, for dynamic references.</summary>
    public Compilation.SchemaResource[] Scope = new Compilation.SchemaResource[16];

    /// <summary>Takes this thread's buffers; a second taker on the same thread, such as a resolver that compiles a schema, gets its own.</summary>
    public static Scratch Take()
    {
        var scratch = _ofThisThread ?? new Scratch();
        _ofThisThread = null;
        return scratch;
    }

    public void GiveBack()
    {
        if (Json.AreLarge)
        {
            Json = new JsonTokens();
        }

        if (Chars.Length > KeptChars)
        {
            Chars = [];
        }

        if (Bits.Length > KeptBits)
        {
            Bits = new ulong[32];
        }

        _ofThisThread = this;
    }

    /// <summary>Reads a document into <see cref="Json"/>.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="view">It with its tokens, until the next one is read.</param>
    /// <param name="position">The byte at which the problem was found.</param>
    public JsonProblem Read(ReadOnlySpan<byte> utf8, out JsonView view, out int position)
    {
        var problem = Json.Read(utf8, InstanceLimits.Json, out position);
        view = Json.View(utf8);
        if (problem != JsonProblem.None || Json.DuplicateNameAt < 0)
        {
            return problem;
        }

        position = Json.DuplicateNameAt;
        return JsonProblem.DuplicateName;
    }

    /// <summary>At least <paramref name="length"/> characters.</summary>
    public char[] CharsOf(int length) => Chars.Length >= length ? Chars : Chars = new char[Math.Max(256, length)];
}
