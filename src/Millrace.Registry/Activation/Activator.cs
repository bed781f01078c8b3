using Millrace.Registry.Evidence;
using Millrace.Registry.Versions;

namespace Millrace.Registry.Activation;

/// <summary>
/// Puts a version into force after the stored events have agreed. The rules are asked first, since they answer at once, and again in the transaction
/// that makes the change: looking at millions of events takes a while, in which somebody else may have activated another version.
/// </summary>
internal sealed class Activator(VersionsDesk versions, EvidenceDesk evidence, TimeProvider time)
{
    public async Task<ActivationResult> RunAsync(
        string eventType, int number, string actor, EvidenceRequirement required, CancellationToken cancellationToken)
    {
        var version = (await versions.OfTypeAsync(eventType, cancellationToken)).FirstOrDefault(v => v.Version == number && v.State != SchemaState.Deleted);
        switch (version)
        {
            case null:
                return new ActivationResult(new ChangeResult(ChangeOutcome.NotFound, null), null);
            case { State: SchemaState.Active }:
                return new ActivationResult(new ChangeResult(ChangeOutcome.AlreadySo, version), null);
        }

        var schema = SchemaText.Of(version).Schema;
        if (await versions.ConflictsAsync(eventType, schema, number, cancellationToken) is { Count: > 0 } conflicts)
            return new ActivationResult(new ChangeResult(ChangeOutcome.Incompatible, version) { Conflicts = conflicts }, null);

        var report = await evidence.RunAsync(
            new EvidenceRequest(eventType, schema, EvidenceRequest.Back(time.GetUtcNow(), required.Window)) { Version = number, Progress = required.Progress },
            cancellationToken);
        return new ActivationResult(
            report.Rejected > required.MaxRejects
                ? new ChangeResult(ChangeOutcome.TooManyRejects, version)
                : await versions.ActivateAsync(eventType, number, actor, cancellationToken),
            report);
    }
}
