using System.Text.Json;
using Millrace.Events;
using Millrace.Events.Json;
using Millrace.Schemas.Compatibility;
using Millrace.Schemas.Compilation;
using Millrace.Schemas.Instances;
using Millrace.Schemas.Validation;

namespace Millrace.Schemas;

/// <summary>A compiled JSON Schema (2020-12; draft-07 and 2019-09 where they differ in spelling). It does not change, and any number of threads may use it.</summary>
public sealed class JsonSchema
{
    private static readonly SchemaReport Fitting = new(Valid: true, []);

    private readonly int _maxErrors;

    private JsonSchema(ReadOnlyMemory<byte> source, SchemaOptions options, bool trusted, int metaschemaDepth)
    {
        Source = source;
        _maxErrors = Math.Max(1, options.MaxErrors);
        Root = SchemaCompiler.Compile(source, options, trusted, metaschemaDepth, out var hasDynamicReferences);
        HasDynamicReferences = hasDynamicReferences;
    }

    /// <summary>The schema as it was given, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Source { get; }

    internal SchemaNode Root { get; }

    internal bool HasDynamicReferences { get; }

    /// <summary>Compiles a schema.</summary>
    /// <param name="utf8">The schema, a JSON object or a boolean.</param>
    /// <param name="options">How.</param>
    /// <exception cref="SchemaException">The schema cannot be used; it says where and why.</exception>
    public static JsonSchema Compile(ReadOnlyMemory<byte> utf8, SchemaOptions options) => Compile(utf8, options, trusted: false, metaschemaDepth: 0);

    /// <summary>Whether an instance fits; ends at the first error and allocates nothing. What is not JSON does not fit.</summary>
    /// <param name="utf8">The instance.</param>
    public bool IsValid(ReadOnlySpan<byte> utf8) => Fits(Root, utf8, HasDynamicReferences);

    /// <summary>Looks for every error; allocates nothing when there is none.</summary>
    /// <param name="utf8">The instance.</param>
    public SchemaReport Evaluate(ReadOnlySpan<byte> utf8) => Evaluate(default, utf8);

    /// <summary>The same for an event that has been read, so that it is read once.</summary>
    /// <param name="envelope">What was read of it.</param>
    /// <param name="utf8">The event; when these are not the bytes that were read, or others have been read since, it is read again.</param>
    internal SchemaReport Evaluate(in Envelope envelope, ReadOnlySpan<byte> utf8)
    {
        var scratch = Scratch.Take();
        try
        {
            var problem = !envelope.TryGetTokens(utf8, out var view, out var position) ? scratch.Read(utf8, out view, out position)
                : position >= 0 ? JsonProblem.DuplicateName : JsonProblem.None;
            return problem == JsonProblem.None ? Evaluate(view, scratch)
                : Refused($"The instance cannot be judged: {JsonProblems.Describe(problem, position)}");
        }
        finally
        {
            scratch.GiveBack();
        }
    }

    /// <summary>
    /// Whether the schema forbids a member at the top of an instance whatever its value: it is closed and does not describe the name, says <c>false</c> of it, or its
    /// <c>propertyNames</c> refuse it. Told from the schema alone, references and <c>allOf</c> followed; a name that one of several alternatives describes is not forbidden.
    /// </summary>
    /// <param name="name">The member's name.</param>
    public bool Forbids(string name)
    {
        var known = Known.Of([Root]);
        return Shape.Of(known).Any(shape => shape.For(name).Any(node => node.Always == false))
            || (!HasDynamicReferences && known.Conjuncts.Any(node => node.Object?.PropertyNames is { } names && !Fits(names.Node, Quoted(name))));
    }

    /// <summary>Whether a value fits one of the subschemas. Not for schemas with dynamic references, where the way there counts.</summary>
    internal static bool Fits(SchemaNode node, ReadOnlySpan<byte> utf8) => Fits(node, utf8, tracksScope: false);

    internal static JsonSchema Compile(ReadOnlyMemory<byte> utf8, SchemaOptions options, bool trusted, int metaschemaDepth) => new(utf8, options, trusted, metaschemaDepth);

    /// <summary>Compiles one of the standard's own schemas, which need no check against themselves.</summary>
    internal static JsonSchema CompileTrusted(ReadOnlyMemory<byte> utf8, SchemaOptions options) => Compile(utf8, options, trusted: true, metaschemaDepth: 0);

    private static bool Fits(SchemaNode node, ReadOnlySpan<byte> utf8, bool tracksScope)
    {
        var scratch = Scratch.Take();
        try
        {
            return scratch.Read(utf8, out var view, out _) == JsonProblem.None && new Validator(view, scratch, tracksScope, sink: null).Validate(node);
        }
        finally
        {
            scratch.GiveBack();
        }
    }

    private SchemaReport Evaluate(in JsonView view, Scratch scratch)
    {
        // Most instances fit, and what was given up once would be given up again: reasons are looked for only when there are some.
        var quick = new Validator(view, scratch, HasDynamicReferences, sink: null);
        if (quick.Validate(Root))
        {
            return Fitting;
        }

        var sink = new ErrorSink(_maxErrors);
        var validator = quick.Abandoned == Abandoned.No ? new Validator(view, scratch, HasDynamicReferences, sink) : quick;
        var valid = quick.Abandoned == Abandoned.No && validator.Validate(Root);
        return validator.Abandoned switch
        {
            Abandoned.No => new SchemaReport(valid, sink.Errors),
            Abandoned.TooDeep => Refused($"The schema goes more than {SchemaLimits.MaxEvaluationDepth} schemas deep on this instance"),
            Abandoned.TooMuchWork => Refused("The schema makes too much work of this instance: its alternatives multiply each other"),
            Abandoned.PatternTooSlow => Refused($"A pattern of the schema takes longer than {SchemaLimits.PatternTime.TotalMilliseconds} ms on a text of this instance"),
            var other => throw new InvalidOperationException($"There is no outcome {other}."),
        };
    }

    private static byte[] Quoted(string text) => [(byte)'"', .. JsonEncodedText.Encode(text).EncodedUtf8Bytes, (byte)'"'];

    private static SchemaReport Refused(string message) => new(Valid: false, [new SchemaError("", "", "#", "", message)]);
}
