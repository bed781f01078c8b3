using Millrace.Events.Json;

namespace Millrace.Schemas.Instances;

internal static class JsonProblems
{
    /// <summary>One sentence for a person.</summary>
    public static string Describe(JsonProblem problem, int position) => problem switch
    {
        JsonProblem.Empty => "there is nothing to read: a JSON value is needed",
        JsonProblem.ByteOrderMark => "it begins with a byte order mark, which JSON does not have: save it as UTF-8 without one",
        JsonProblem.NotUtf8 => $"it is not UTF-8 (byte {position})",
        JsonProblem.Syntax => $"it is not JSON: unexpected character at byte {position}",
        JsonProblem.UnexpectedEnd => "it is not JSON: it ends in the middle of a value",
        JsonProblem.ControlCharacter => $"it is not JSON: an unescaped control character in a string at byte {position}",
        JsonProblem.BadEscape => $"it is not JSON: an unknown escape in a string at byte {position}",
        JsonProblem.LoneSurrogate => $"half of a surrogate pair in a string at byte {position}, which is no character",
        JsonProblem.BadNumber => $"it is not JSON: a malformed number at byte {position}",
        JsonProblem.ExponentTooLarge => $"the number at byte {position} has an exponent of more than {JsonLimits.MaxExponentDigits} digits",
        JsonProblem.DuplicateName => $"the name at byte {position} stands twice in one object, so that readers would disagree about its value",
        JsonProblem.MoreThanOneValue => $"it is not JSON: something follows the value at byte {position}",
        JsonProblem.TooDeep => $"it is nested more than {InstanceLimits.Json.MaxDepth} deep",
        JsonProblem.TooManyValues => $"it has more than {InstanceLimits.Json.MaxTokens} values",
        JsonProblem.TooLarge => $"it is larger than {InstanceLimits.Json.MaxBytes / 1024 / 1024} MiB",
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, "There is no such problem."),
    };
}
