using Millrace.Schemas.Compilation;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Validation;

internal ref partial struct Validator
{
    /// <summary>Up to here each item is compared with each other one; above, only those with equal hashes.</summary>
    private const int FewItems = 12;

    private bool EvaluateArray(SchemaNode node, ArrayRule rule, int index, int set)
    {
        var valid = true;
        ref readonly var token = ref _view.Tokens[index];
        if (token.Count < rule.MinItems)
        {
            valid = Report(node, index, "minItems", "must have at least {0} items, found {1}", rule.MinItems);
        }

        if (token.Count > rule.MaxItems)
        {
            valid = Report(node, index, "maxItems", "must have at most {0} items, found {1}", rule.MaxItems);
        }

        if (!valid && _sink is null)
        {
            return false;
        }

        if (rule.Prefix.Length > 0 || rule.Items is not null)
        {
            valid &= EvaluateItems(node, rule, index, set);
        }

        if (rule.Contains is { } contains && (valid || _sink is not null))
        {
            valid &= EvaluateContains(node, rule, contains, index, set);
        }

        if (rule.Unique && (valid || _sink is not null) && !AreUnique(index))
        {
            // Giving up is told apart by what gave up.
            valid = _work < 0 ? Abandon(Abandoned.TooMuchWork) : Report(node, index, "uniqueItems", "two of the items are equal");
        }

        return valid;
    }

    private bool EvaluateItems(SchemaNode node, ArrayRule rule, int index, int set)
    {
        var valid = true;
        var end = _view.Tokens[index].Next;
        for (int item = index + 1, number = 0; item < end; item = _view.Tokens[item].Next, number++)
        {
            var edge = number < rule.Prefix.Length ? rule.Prefix[number] : rule.Items;
            if (edge is null)
            {
                break;
            }

            valid &= number >= rule.Prefix.Length && edge.Node.Always == false
                ? Report(node, item, rule.ItemsKeyword, "there may be only {0} items", rule.Prefix.Length)
                : Apply(edge, item, NoSet);
            if (!valid && _sink is null)
            {
                return false;
            }

            if (set >= 0)
            {
                Mark(set, number);
            }
        }

        return valid;
    }

    private bool EvaluateContains(SchemaNode node, ArrayRule rule, Edge contains, int index, int set)
    {
        var end = _view.Tokens[index].Next;
        var count = 0;
        for (int item = index + 1, number = 0; item < end; item = _view.Tokens[item].Next, number++)
        {
            if (Test(contains, item, NoSet))
            {
                count++;
                if (set >= 0 && rule.ContainsEvaluates)
                {
                    Mark(set, number);
                }
            }
        }

        return count < rule.MinContains ? Report(node, index, rule.MinContains == 1 ? "contains" : "minContains", "must contain at least {0} fitting items", rule.MinContains)
            : count <= rule.MaxContains || Report(node, index, "maxContains", "must contain at most {0} fitting items", rule.MaxContains);
    }

    private bool AreUnique(int index)
    {
        ref readonly var token = ref _view.Tokens[index];
        if (token.Count > FewItems)
        {
            return AreUniqueByHash(index, token.Count);
        }

        for (var one = index + 1; one < token.Next; one = _view.Tokens[one].Next)
        {
            for (var other = _view.Tokens[one].Next; other < token.Next; other = _view.Tokens[other].Next)
            {
                if (JsonEquality.AreEqual(_view, one, _view, other, ref _work) || _work < 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool AreUniqueByHash(int index, int count)
    {
        var keys = _scratch.Json.SortKeysOf(count).AsSpan(0, count);
        for (int item = index + 1, number = 0; number < count; item = _view.Tokens[item].Next, number++)
        {
            keys[number] = (ulong)(uint)JsonEquality.Hash(_view, item) << 32 | (uint)item;
        }

        keys.Sort();
        for (var i = 1; i < count; i++)
        {
            for (var j = i - 1; j >= 0 && keys[j] >> 32 == keys[i] >> 32; j--)
            {
                if (JsonEquality.AreEqual(_view, (int)keys[j], _view, (int)keys[i], ref _work) || _work < 0)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
