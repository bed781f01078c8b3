namespace Millrace.Events.Json;

/// <summary>Why bytes are not a JSON document that can be judged.</summary>
internal enum JsonProblem
{
    None,
    Empty,
    ByteOrderMark,
    NotUtf8,
    Syntax,
    UnexpectedEnd,
    ControlCharacter,
    BadEscape,
    LoneSurrogate,
    BadNumber,
    ExponentTooLarge,
    DuplicateName,
    MoreThanOneValue,
    TooDeep,
    TooManyValues,
    TooLarge,
}
