using Millrace.Schemas.Compilation;

namespace Millrace.Schemas.Validation;

internal ref partial struct Validator
{
    private bool EvaluateCombined(SchemaNode node, CombinedRule rule, int index, int set)
    {
        var valid = true;
        if (rule.Reference is { } reference)
        {
            valid = Apply(reference, index, set);
        }

        if (rule.Dynamic is { } dynamic && (valid || _sink is not null))
        {
            valid &= EvaluateDynamic(dynamic, index, set);
        }

        foreach (var edge in rule.AllOf)
        {
            if (!valid && _sink is null)
            {
                return false;
            }

            valid &= Apply(edge, index, set);
        }

        if (rule.AnyOf.Length > 0 && (valid || _sink is not null))
        {
            valid &= EvaluateAnyOf(node, rule.AnyOf, index, set);
        }

        if (rule.OneOf.Length > 0 && (valid || _sink is not null))
        {
            valid &= EvaluateOneOf(node, rule.OneOf, index, set);
        }

        if (rule.Not is { } not && (valid || _sink is not null) && Test(not, index, NoSet))
        {
            valid = Report(node, index, "not", "must not fit this schema");
        }

        if (rule.If is { } condition && (valid || _sink is not null))
        {
            valid &= TestInto(condition, index, set)
                ? rule.Then is not { } then || Apply(then, index, set)
                : rule.Else is not { } otherwise || Apply(otherwise, index, set);
        }

        return valid;
    }

    private bool EvaluateAnyOf(SchemaNode node, Edge[] branches, int index, int set)
    {
        var any = false;
        foreach (var branch in branches)
        {
            any |= TestInto(branch, index, set);

            // Who asks what was evaluated has to know it of every branch that fits.
            if (any && set < 0)
            {
                break;
            }
        }

        return any || ReportAlternatives(node, "anyOf", branches, index);
    }

    private bool EvaluateOneOf(SchemaNode node, Edge[] branches, int index, int set)
    {
        int first = -1, second = -1;
        for (var i = 0; i < branches.Length && second < 0; i++)
        {
            if (TestInto(branches[i], index, set))
            {
                (first, second) = first < 0 ? (i, -1) : (first, i);
            }
        }

        return first < 0 ? ReportAlternatives(node, "oneOf", branches, index)
            : second < 0 || Report(node, index, "oneOf", "must fit exactly one alternative, but fits numbers {0}", _sink is null ? "" : $"{first} and {second}");
    }

    /// <summary>That no alternative fits, and then why not each: only now are they asked for reasons, since mostly one of them fits.</summary>
    private bool ReportAlternatives(SchemaNode node, string keyword, Edge[] branches, int index)
    {
        Report(node, index, keyword, "fits none of the {0} alternatives", branches.Length);
        if (_sink is { IsFull: false })
        {
            foreach (var branch in branches)
            {
                Apply(branch, index, NoSet);
            }
        }

        return false;
    }

    private bool EvaluateDynamic(DynamicRule rule, int index, int set)
    {
        // The outermost resource on the way here that has the anchor decides.
        for (var i = 0; i < _scopeDepth; i++)
        {
            if (_scratch.Scope[i].DynamicNodes.TryGetValue(rule.Anchor, out var node))
            {
                if (node == rule.Initial.Node)
                {
                    break;
                }

                _sink?.Enter(rule.Initial.Path);
                var valid = Evaluate(node, index, set);
                _sink?.Leave();
                return valid;
            }
        }

        return Apply(rule.Initial, index, set);
    }

    private void EnterResource(SchemaResource resource)
    {
        if (_scopeDepth > 0 && _scratch.Scope[_scopeDepth - 1] == resource)
        {
            return;
        }

        if (_scopeDepth == _scratch.Scope.Length)
        {
            Array.Resize(ref _scratch.Scope, _scopeDepth * 2);
        }

        _scratch.Scope[_scopeDepth++] = resource;
    }
}
