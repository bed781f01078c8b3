using Millrace.Events.Json;
using Millrace.Schemas.Compilation;

namespace Millrace.Schemas.Validation;

/// <summary>
/// What <c>unevaluatedProperties</c> and <c>unevaluatedItems</c> need to know: one bit for each member or item of the value at hand, in a stack of sets.
/// A branch that may fail notes into a set of its own, which is taken over only when it fits.
/// </summary>
internal ref partial struct Validator
{
    private bool EvaluateUnevaluated(SchemaNode node, int index, int set)
    {
        ref readonly var token = ref _view.Tokens[index];
        var edge = token.Kind switch
        {
            TokenKind.Object => node.UnevaluatedProperties,
            TokenKind.Array => node.UnevaluatedItems,
            _ => null,
        };
        if (edge is null)
        {
            return EvaluateSubschemas(node, index, set);
        }

        // A schema sees what it evaluated itself, not what its neighbours did.
        if (!TryTakeSet(token.Count, out var own))
        {
            return false;
        }

        var valid = EvaluateSubschemas(node, index, own);
        if (valid || _sink is not null)
        {
            valid &= token.Kind == TokenKind.Object ? EvaluateRestOfObject(node, edge, index, own) : EvaluateRestOfArray(node, edge, index, own);
        }

        if (set >= 0)
        {
            // After this keyword nothing is left over.
            MarkAll(set, token.Count);
        }

        _bitsTop = own;
        return valid;
    }

    private bool EvaluateRestOfObject(SchemaNode node, Edge edge, int index, int own)
    {
        var valid = true;
        var end = _view.Tokens[index].Next;
        for (int name = index + 1, number = 0; name < end; name = _view.Tokens[name + 1].Next, number++)
        {
            if (!IsMarked(own, number))
            {
                valid &= edge.Node.Always == false
                    ? Report(node, name, "unevaluatedProperties", "the schema has no member {0}", _sink is null ? "" : Found(name))
                    : Apply(edge, name + 1, NoSet);
                if (!valid && _sink is null)
                {
                    return false;
                }
            }
        }

        return valid;
    }

    private bool EvaluateRestOfArray(SchemaNode node, Edge edge, int index, int own)
    {
        var valid = true;
        var end = _view.Tokens[index].Next;
        for (int item = index + 1, number = 0; item < end; item = _view.Tokens[item].Next, number++)
        {
            if (!IsMarked(own, number))
            {
                valid &= edge.Node.Always == false
                    ? Report(node, item, "unevaluatedItems", "the schema has no place for item {0}", number)
                    : Apply(edge, item, NoSet);
                if (!valid && _sink is null)
                {
                    return false;
                }
            }
        }

        return valid;
    }

    /// <summary><see cref="Apply"/>, with what was evaluated taken over only when it fits.</summary>
    private bool ApplyInto(Edge edge, int index, int set)
    {
        if (set < 0)
        {
            return Apply(edge, index, NoSet);
        }

        var count = _view.Tokens[index].Count;
        if (!TryTakeSet(count, out var own))
        {
            return false;
        }

        var valid = Apply(edge, index, own);
        if (valid)
        {
            for (var word = 0; word < Words(count); word++)
            {
                _scratch.Bits[set + word] |= _scratch.Bits[own + word];
            }
        }

        _bitsTop = own;
        return valid;
    }

    private bool TestInto(Edge edge, int index, int set)
    {
        var sink = _sink;
        _sink = null;
        var valid = ApplyInto(edge, index, set);
        _sink = sink;
        return valid;
    }

    private bool TryTakeSet(int count, out int set)
    {
        set = _bitsTop;
        var words = Words(count);
        var top = _bitsTop + words;
        _work -= words;
        if (top > SchemaLimits.MaxBitWords)
        {
            return Abandon(Abandoned.TooMuchWork);
        }

        if (top > _scratch.Bits.Length)
        {
            Array.Resize(ref _scratch.Bits, Math.Max(top, _scratch.Bits.Length * 2));
        }

        _scratch.Bits.AsSpan(set, words).Clear();
        _bitsTop = top;
        return true;
    }

    private readonly void Mark(int set, int number) => _scratch.Bits[set + (number >> 6)] |= 1UL << number;

    private readonly void MarkAll(int set, int count) => _scratch.Bits.AsSpan(set, Words(count)).Fill(ulong.MaxValue);

    private readonly bool IsMarked(int set, int number) => (_scratch.Bits[set + (number >> 6)] >> number & 1) != 0;

    private static int Words(int count) => (count + 63) >> 6;
}
