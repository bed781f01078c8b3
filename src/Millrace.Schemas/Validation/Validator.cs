using System.Runtime.CompilerServices;
using Millrace.Events.Json;
using Millrace.Schemas.Compilation;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Validation;

/// <summary>
/// Holds the tokens of one instance against compiled schemas. There is one way through for both questions: without a sink the first error ends it and
/// nothing is allocated, with a sink each error is written down and it goes on.
/// </summary>
internal ref partial struct Validator
{
    /// <summary>No set of evaluated members or items is asked for.</summary>
    private const int NoSet = -1;

    private readonly JsonView _view;
    private readonly Scratch _scratch;
    private readonly bool _tracksScope;
    private ErrorSink? _sink;
    private long _work;
    private int _depth;
    private int _bitsTop;
    private int _scopeDepth;
    private Abandoned _abandoned;

    public Validator(JsonView view, Scratch scratch, bool tracksScope, ErrorSink? sink)
    {
        _view = view;
        _scratch = scratch;
        _tracksScope = tracksScope;
        _sink = sink;
        _work = SchemaLimits.Work + (SchemaLimits.WorkPerToken * view.Tokens.Length);
    }

    /// <summary>Why the answer is no, when it is not for an error.</summary>
    public readonly Abandoned Abandoned => _abandoned;

    public bool Validate(SchemaNode root)
    {
        var valid = Evaluate(root, 0, NoSet);
        if (_work < 0)
        {
            Abandon(Abandoned.TooMuchWork);
        }

        // Below a "not", what was abandoned may have looked like success.
        return valid && _abandoned == Abandoned.No;
    }

    /// <summary>Goes to a subschema.</summary>
    /// <param name="set">Where evaluated members or items are noted; <see cref="NoSet"/> when nobody asks.</param>
    private bool Apply(Edge edge, int index, int set)
    {
        if (_sink is not { } sink)
        {
            return Evaluate(edge.Node, index, set);
        }

        sink.Enter(edge.Path);
        var valid = Evaluate(edge.Node, index, set);
        sink.Leave();
        return valid;
    }

    /// <summary>As <see cref="Apply"/>, but nobody wants to know why not.</summary>
    private bool Test(Edge edge, int index, int set)
    {
        var sink = _sink;
        _sink = null;
        var valid = Apply(edge, index, set);
        _sink = sink;
        return valid;
    }

    private bool Evaluate(SchemaNode node, int index, int set)
    {
        if (--_work < 0)
        {
            return Abandon(Abandoned.TooMuchWork);
        }

        return node.IsLeaf ? EvaluateAssertions(node, index) : EvaluateDeeper(node, index, set);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool EvaluateDeeper(SchemaNode node, int index, int set)
    {
        if (node.Always is { } always)
        {
            return always || Report(node, index, "", "nothing is allowed here");
        }

        if (++_depth > SchemaLimits.MaxEvaluationDepth || ((_depth & 31) == 0 && !RuntimeHelpers.TryEnsureSufficientExecutionStack()))
        {
            _depth--;
            return Abandon(Abandoned.TooDeep);
        }

        var scope = _scopeDepth;
        if (_tracksScope)
        {
            EnterResource(node.Resource);
        }

        var valid = EvaluateAssertions(node, index);
        if (valid || _sink is not null)
        {
            valid &= node.UnevaluatedItems is null && node.UnevaluatedProperties is null
                ? EvaluateSubschemas(node, index, set)
                : EvaluateUnevaluated(node, index, set);
        }

        _scopeDepth = scope;
        _depth--;
        return valid;
    }

    private bool EvaluateSubschemas(SchemaNode node, int index, int set)
    {
        var valid = true;
        var kind = _view.Tokens[index].Kind;
        if (kind == TokenKind.Object)
        {
            valid = node.Object is not { } rule || EvaluateObject(node, rule, index, set);
        }
        else if (kind == TokenKind.Array)
        {
            valid = node.Array is not { } rule || EvaluateArray(node, rule, index, set);
        }

        if (node.Combined is { } combined && (valid || _sink is not null))
        {
            valid &= EvaluateCombined(node, combined, index, set);
        }

        return valid;
    }

    /// <summary>Ends everything: whatever is returned from here on, the instance does not fit.</summary>
    private bool Abandon(Abandoned why)
    {
        if (_abandoned == Abandoned.No)
        {
            _abandoned = why;
        }

        // Nothing that is still to come finds any work left, so that loops end too.
        _work = long.MinValue / 2;
        return false;
    }
}
