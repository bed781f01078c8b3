namespace Millrace.Schemas.Validation;

/// <summary>Why an instance was not judged to the end. It then counts as one that does not fit.</summary>
internal enum Abandoned
{
    No,
    TooDeep,
    TooMuchWork,
    PatternTooSlow,
}
