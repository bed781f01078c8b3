namespace Millrace.Schemas.Patterns;

internal enum PatternAnswer
{
    No,
    Yes,

    /// <summary>It needs backtracking, and would have taken longer than it may.</summary>
    TooSlow,
}
