namespace Millrace.Operations.DeadLetters;

/// <summary>The names of the states.</summary>
public static class DeadLetterStates
{
    /// <summary>The stable name of <paramref name="state"/>, as it stands in <c>pipeline.dead_letters.state</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not of the set.</exception>
    public static string Code(this DeadLetterState state) => state switch
    {
        DeadLetterState.New => "new",
        DeadLetterState.Replayed => "replayed",
        DeadLetterState.Discarded => "discarded",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of a dead letter."),
    };

    internal static DeadLetterState Parse(string code) => code switch
    {
        "new" => DeadLetterState.New,
        "replayed" => DeadLetterState.Replayed,
        "discarded" => DeadLetterState.Discarded,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Not a state of a dead letter."),
    };
}
