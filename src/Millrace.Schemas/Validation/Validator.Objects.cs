using System.Runtime.CompilerServices;
using Millrace.Schemas.Compilation;
using Millrace.Schemas.Patterns;

namespace Millrace.Schemas.Validation;

internal ref partial struct Validator
{
    private bool EvaluateObject(SchemaNode node, ObjectRule rule, int index, int set)
    {
        var valid = true;
        var count = _view.Tokens[index].Count;
        if (count < rule.MinProperties)
        {
            valid = Report(node, index, "minProperties", "must have at least {0} members, found {1}", rule.MinProperties);
        }

        if (count > rule.MaxProperties)
        {
            valid = Report(node, index, "maxProperties", "must have at most {0} members, found {1}", rule.MaxProperties);
        }

        if (!rule.LooksAtMembers || (!valid && _sink is null))
        {
            return valid;
        }

        if (rule.Watched <= 64)
        {
            return EvaluateMembers(node, rule, index, set, NoSet) && valid;
        }

        if (!TryTakeSet(rule.Watched, out var bits))
        {
            return false;
        }

        valid &= EvaluateMembers(node, rule, index, set, bits);
        _bitsTop = bits;
        return valid;
    }

    /// <param name="seenSet">The set for the watched names that are met, when there are more than 64 of them.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool EvaluateMembers(SchemaNode node, ObjectRule rule, int index, int set, int seenSet)
    {
        var valid = true;
        ulong seen = 0;
        var tokens = _view.Tokens;
        var names = rule.Names;
        var rules = rule.Rules;
        var asksMore = rule.AsksMoreOfMembers || set >= 0 || seenSet >= 0;
        var end = tokens[index].Next;
        for (int name = index + 1, number = 0; name < end; name = tokens[name + 1].Next, number++)
        {
            ref readonly var token = ref tokens[name];
            var found = names.Find(_view.Text(token), token.Count);
            Edge? property = null;
            if (found >= 0)
            {
                ref readonly var about = ref rules[found];
                seen |= about.WatchBit;
                property = about.Property;
                if (property is not null)
                {
                    valid &= Apply(property, name + 1, NoSet);
                }
            }

            if (asksMore || property is null)
            {
                if (seenSet >= 0 && found >= 0 && rules[found].Watch >= 0)
                {
                    Mark(seenSet, rules[found].Watch);
                }

                valid &= EvaluateFurther(node, rule, name, number, set, property is not null);
            }

            if (!valid && _sink is null)
            {
                return false;
            }
        }

        valid &= EvaluateRequired(node, rule, index, seen, seenSet);
        return rule.Dependencies.Length == 0 || (!valid && _sink is null) ? valid : valid & EvaluateDependencies(node, rule, index, set, seen, seenSet);
    }

    /// <summary>What most members are spared: there are no such keywords, or <c>properties</c> describes them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool EvaluateFurther(SchemaNode node, ObjectRule rule, int name, int number, int set, bool evaluated)
    {
        var valid = true;
        if (rule.Patterns.Length > 0)
        {
            valid &= EvaluatePatterns(rule, name, ref evaluated);
        }

        if (!evaluated && rule.Additional is { } additional)
        {
            evaluated = true;
            valid &= additional.Node.Always == false ? ReportUnknownName(node, name) : Apply(additional, name + 1, NoSet);
        }

        if (rule.PropertyNames is { } allowed)
        {
            valid &= Apply(allowed, name, NoSet);
        }

        if (evaluated && set >= 0)
        {
            Mark(set, number);
        }

        return valid;
    }

    private bool EvaluatePatterns(ObjectRule rule, int name, ref bool evaluated)
    {
        var valid = true;
        foreach (var (pattern, edge) in rule.Patterns)
        {
            _work--;
            var answer = pattern.IsMatch(_view.Text(_view.Tokens[name]), _scratch);
            if (answer == PatternAnswer.TooSlow)
            {
                return Abandon(Abandoned.PatternTooSlow);
            }

            if (answer == PatternAnswer.Yes)
            {
                evaluated = true;
                valid &= Apply(edge, name + 1, NoSet);
            }
        }

        return valid;
    }

    private readonly bool ReportUnknownName(SchemaNode node, int name) =>
        Report(node, name, "additionalProperties", "the schema has no member {0}", _sink is null ? "" : Found(name));

    private readonly bool EvaluateRequired(SchemaNode node, ObjectRule rule, int index, ulong seen, int seenSet)
    {
        if (seenSet < 0 ? rule.RequiredBits.Length == 0 || (rule.RequiredBits[0] & ~seen) == 0 : HasAll(rule.RequiredBits, seenSet))
        {
            return true;
        }

        if (_sink is not null)
        {
            foreach (var name in rule.Required)
            {
                if (!IsSeen(rule.About(name).Watch, seen, seenSet))
                {
                    Report(node, index, "required", "the member \"{0}\" is missing", name);
                }
            }
        }

        return false;
    }

    private bool EvaluateDependencies(SchemaNode node, ObjectRule rule, int index, int set, ulong seen, int seenSet)
    {
        var valid = true;
        foreach (var dependency in rule.Dependencies)
        {
            if (!IsSeen(dependency.Watch, seen, seenSet))
            {
                continue;
            }

            foreach (var (name, watch) in dependency.Required)
            {
                if (!IsSeen(watch, seen, seenSet))
                {
                    valid = Report(node, index, dependency.Keyword, "the member \"{0}\" is missing, which has to be there because another one is", name);
                }
            }

            if (dependency.Schema is { } schema)
            {
                valid &= Apply(schema, index, set);
            }

            if (!valid && _sink is null)
            {
                return false;
            }
        }

        return valid;
    }

    private readonly bool IsSeen(int watch, ulong seen, int seenSet) => seenSet < 0 ? (seen >> watch & 1) != 0 : IsMarked(seenSet, watch);

    private readonly bool HasAll(ulong[] bits, int set)
    {
        for (var i = 0; i < bits.Length; i++)
        {
            if ((bits[i] & ~_scratch.Bits[set + i]) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
