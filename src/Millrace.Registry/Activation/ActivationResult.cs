using Millrace.Registry.Evidence;
using Millrace.Registry.Versions;

namespace Millrace.Registry.Activation;

/// <summary>What became of an activation.</summary>
/// <param name="Change">What was done.</param>
/// <param name="Evidence">What the stored events said; null when they were not asked.</param>
public sealed record ActivationResult(ChangeResult Change, EvidenceReport? Evidence);
