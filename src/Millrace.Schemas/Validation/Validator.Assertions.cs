using System.Runtime.CompilerServices;
using System.Text;
using Millrace.Events.Json;
using Millrace.Schemas.Compilation;
using Millrace.Schemas.Instances;
using Millrace.Schemas.Patterns;

namespace Millrace.Schemas.Validation;

internal ref partial struct Validator
{
    /// <summary>The keywords that look at the value alone.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool EvaluateAssertions(SchemaNode node, int index)
    {
        ref readonly var token = ref _view.Tokens[index];
        if (((int)node.Types & 1 << (int)token.Kind) == 0 && !IsAllowedInteger(node.Types, token))
        {
            return Report(node, index, "type", "expected {0}, found {1}", node.Types);
        }

        var valid = true;
        if (node.Enum is { } choices && !choices.Has(_view, index, ref _work))
        {
            valid = Report(node, index, "enum", "expected one of {0}, found {1}", choices);
        }

        if (node.Const is { } constant && (valid || _sink is not null) && !constant.Has(_view, index, ref _work))
        {
            valid = Report(node, index, "const", "expected {0}, found {1}", constant);
        }

        if (!valid && _sink is null)
        {
            return false;
        }

        return token.Kind switch
        {
            TokenKind.Number when node.Number is { } rule => EvaluateNumber(node, rule, index, token) && valid,
            TokenKind.String or TokenKind.Name when node.String is { } rule => EvaluateString(node, rule, index, token) && valid,
            _ => valid,
        };
    }

    private readonly bool IsAllowedInteger(TypeSet types, in Token token) =>
        (types & TypeSet.Integer) != 0 && token.Kind == TokenKind.Number && (token.PlainInteger || ExactNumber.IsWhole(_view.Text(token)));

    private bool EvaluateNumber(SchemaNode node, NumberRule rule, int index, scoped in Token token)
    {
        var text = _view.Text(token);
        return (WholeNumber.TryRead(text, out var from, out var to) && from >= rule.SurelyFrom && to <= rule.SurelyTo) || EvaluateExactly(node, rule, index, text);
    }

    /// <summary>Apart from the rest, since its locals would have to be cleared for every value that is judged.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool EvaluateExactly(SchemaNode node, NumberRule rule, int index, ReadOnlySpan<byte> text)
    {
        var valid = true;
        var number = new ExactNumber(text);
        if (rule.Minimum is { } minimum && ExactNumber.Compare(number, new ExactNumber(minimum)) < 0)
        {
            valid = Report(node, index, "minimum", "must be at least {0}, found {1}", minimum);
        }

        if (rule.Maximum is { } maximum && ExactNumber.Compare(number, new ExactNumber(maximum)) > 0)
        {
            valid = Report(node, index, "maximum", "must be at most {0}, found {1}", maximum);
        }

        if (rule.ExclusiveMinimum is { } above && ExactNumber.Compare(number, new ExactNumber(above)) <= 0)
        {
            valid = Report(node, index, "exclusiveMinimum", "must be greater than {0}, found {1}", above);
        }

        if (rule.ExclusiveMaximum is { } below && ExactNumber.Compare(number, new ExactNumber(below)) >= 0)
        {
            valid = Report(node, index, "exclusiveMaximum", "must be less than {0}, found {1}", below);
        }

        if (rule.MultipleOf is { } divisor && (valid || _sink is not null) && !number.IsMultipleOf(new ExactNumber(divisor)))
        {
            valid = Report(node, index, "multipleOf", "must be a multiple of {0}, found {1}", divisor);
        }

        return valid;
    }

    private bool EvaluateString(SchemaNode node, StringRule rule, int index, scoped in Token token)
    {
        var valid = true;
        var text = _view.Text(token);

        // A character has one to four bytes, so most strings need no counting.
        if (text.Length < rule.MinLength || (rule.MinLength > 0 && text.Length / 4 < rule.MinLength && _view.CountCharacters(token) < rule.MinLength))
        {
            valid = Report(node, index, "minLength", "must have at least {0} characters, found {1}", rule.MinLength);
        }

        if (text.Length > rule.MaxLength && _view.CountCharacters(token) > rule.MaxLength)
        {
            valid = Report(node, index, "maxLength", "must have at most {0} characters, found {1}", rule.MaxLength);
        }

        if (rule.Pattern is { } pattern && (valid || _sink is not null))
        {
            var answer = pattern.IsMatch(text, _scratch);
            if (answer == PatternAnswer.TooSlow)
            {
                return Abandon(Abandoned.PatternTooSlow);
            }

            if (answer == PatternAnswer.No)
            {
                valid = Report(node, index, "pattern", "must match {0}, found {1}", pattern.Text);
            }
        }

        if (rule.Format is { } format && (valid || _sink is not null) && !format.Accepts(text, _scratch))
        {
            valid = Report(node, index, "format", "must be {0}, found {1}", format.Description);
        }

        return valid;
    }

    private static string Values(EnumRule rule)
    {
        const int Shown = 10;
        var shown = string.Join(", ", rule.Values.Take(Shown).Select(value => Shorten(Encoding.UTF8.GetString(value.Raw.Span))));
        return rule.Values.Count > Shown ? $"{shown} and {rule.Values.Count - Shown} more" : shown;
    }
}
