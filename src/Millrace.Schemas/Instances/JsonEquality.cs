using Millrace.Events.Json;

namespace Millrace.Schemas.Instances;

/// <summary>Equality as JSON Schema has it: numbers by value, objects in any order.</summary>
internal static class JsonEquality
{
    /// <param name="work">Counts down by what has been compared; below zero the answer is false and means nothing, and the caller gives up.</param>
    public static bool AreEqual(in JsonView left, int leftIndex, in JsonView right, int rightIndex, ref long work)
    {
        ref readonly var one = ref left.Tokens[leftIndex];
        ref readonly var other = ref right.Tokens[rightIndex];
        if (one.Kind != other.Kind || --work < 0)
        {
            return false;
        }

        return one.Kind switch
        {
            TokenKind.True or TokenKind.False or TokenKind.Null => true,
            TokenKind.Number => ExactNumber.Compare(new ExactNumber(left.Text(one)), new ExactNumber(right.Text(other))) == 0,
            TokenKind.Array => one.Count == other.Count && ItemsAreEqual(left, leftIndex, right, rightIndex, ref work),
            TokenKind.Object => one.Count == other.Count && MembersAreEqual(left, leftIndex, right, rightIndex, ref work),
            _ => left.Text(one).SequenceEqual(right.Text(other)),
        };
    }

    /// <summary>The same for values that are equal; different from process to process.</summary>
    public static int Hash(in JsonView view, int index)
    {
        ref readonly var token = ref view.Tokens[index];
        var hash = (int)token.Kind * 0x2545F491;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return HashCode.Combine(hash, new ExactNumber(view.Text(token)).Hash());
            case TokenKind.String:
                return HashCode.Combine(hash, NameHash.Of(view.Text(token)));
            case TokenKind.Array:
                for (var item = index + 1; item < token.Next; item = view.Tokens[item].Next)
                {
                    hash = HashCode.Combine(hash, Hash(view, item));
                }

                return hash;
            case TokenKind.Object:
                // A sum, since members have no order.
                for (var name = index + 1; name < token.Next; name = view.Tokens[name + 1].Next)
                {
                    hash += HashCode.Combine(view.Tokens[name].Count, Hash(view, name + 1));
                }

                return hash;
            default:
                return hash;
        }
    }

    private static bool ItemsAreEqual(in JsonView left, int leftIndex, in JsonView right, int rightIndex, ref long work)
    {
        var end = left.Tokens[leftIndex].Next;
        for (int i = leftIndex + 1, j = rightIndex + 1; i < end; i = left.Tokens[i].Next, j = right.Tokens[j].Next)
        {
            if (!AreEqual(left, i, right, j, ref work))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MembersAreEqual(in JsonView left, int leftIndex, in JsonView right, int rightIndex, ref long work)
    {
        var end = left.Tokens[leftIndex].Next;
        var cursor = rightIndex + 1;
        for (var i = leftIndex + 1; i < end; i = left.Tokens[i + 1].Next)
        {
            // Members mostly come in the same order, so the search goes on where the last one ended.
            var found = FindMember(right, rightIndex, cursor, left.Text(left.Tokens[i]), left.Tokens[i].Count, ref work);
            if (found < 0 || !AreEqual(left, i + 1, right, found + 1, ref work))
            {
                return false;
            }

            cursor = right.Tokens[found + 1].Next;
        }

        return true;
    }

    private static int FindMember(in JsonView view, int index, int from, ReadOnlySpan<byte> name, int hash, ref long work)
    {
        var end = view.Tokens[index].Next;
        for (var pass = 0; pass < 2; pass++)
        {
            var stop = pass == 0 ? end : from;
            for (var at = pass == 0 ? from : index + 1; at < stop; at = view.Tokens[at + 1].Next)
            {
                if (view.Tokens[at].Count == hash && view.Text(view.Tokens[at]).SequenceEqual(name))
                {
                    return at;
                }

                if (--work < 0)
                {
                    return -1;
                }
            }
        }

        return -1;
    }
}
