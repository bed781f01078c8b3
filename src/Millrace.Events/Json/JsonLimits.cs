namespace Millrace.Events.Json;

/// <summary>What is read of a JSON text at most.</summary>
/// <param name="MaxBytes">The length of the text.</param>
/// <param name="MaxTokens">Values, and names of members.</param>
/// <param name="MaxDepth">How deep objects and arrays may be nested, the outermost counted.</param>
internal sealed record JsonLimits(int MaxBytes, int MaxTokens, int MaxDepth)
{
    /// <summary>Digits of an exponent. With more, sums of exponents could overflow, and no other reader would take the number either.</summary>
    public const int MaxExponentDigits = 15;
}
