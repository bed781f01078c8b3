namespace Millrace.Registry.Activation;

/// <summary>What the stored events have to say before a version comes into force.</summary>
/// <param name="Window">How far back they are looked at.</param>
/// <param name="MaxRejects">How many of them the version may refuse.</param>
public sealed record EvidenceRequirement(TimeSpan Window, long MaxRejects)
{
    /// <summary>Told now and then how many events have been looked at, and of how many; from any thread.</summary>
    public Action<long, long>? Progress { get; init; }
}
