using System.Text.Json;
using Millrace.Registry;
using Millrace.Registry.Evidence;
using Millrace.Registry.Reports;
using Millrace.Registry.Versions;

namespace Millrace.Commands.Schema;

/// <summary>Tells what became of a change, and ends with its exit code.</summary>
internal static class ChangeText
{
    public static int Write(string eventType, int? asked, ChangeResult result, EvidenceReport? evidence, OutputFormat format)
    {
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(ChangeReport.Of(eventType, result, evidence), ReportJson.Readable.ChangeReport));
        else
            WriteConflicts(result.Conflicts);
        if (format == OutputFormat.Text || !result.IsDone)
            Console.Error.WriteLine(Sentence(eventType, asked, result));
        foreach (string warning in result.Warnings)
            Console.Error.WriteLine($"warning: {warning}");
        return result.Outcome switch
        {
            ChangeOutcome.Done or ChangeOutcome.AlreadySo => ExitCodes.Success,
            ChangeOutcome.InvalidSchema or ChangeOutcome.InvalidEventType => ExitCodes.Usage,
            _ => ExitCodes.Failed,
        };
    }

    public static void WriteConflicts(IReadOnlyList<Conflict> conflicts)
    {
        if (conflicts.Count == 0)
            return;
        Terminal.DataTable.Write(
            Console.Out, ["VERSION", "POINTER", "KIND", "BREAKS", "WHAT"],
            conflicts.Select(ReportedConflict.Of).Select(c => new object?[] { c.Version, c.Pointer.Length == 0 ? "(whole)" : c.Pointer, c.Kind, string.Join(", ", c.Breaks), c.Message }));
    }

    public static string Sentence(string eventType, int? asked, ChangeResult result) => result switch
    {
        { Outcome: ChangeOutcome.Done, Version.State: SchemaState.Draft } =>
            $"{eventType} version {result.Version.Version} is registered as a draft; '{Product.CommandName} schema activate {eventType} {result.Version.Version}' puts it into force.",
        { Outcome: ChangeOutcome.Done, Version.State: SchemaState.Active } => $"{eventType} version {result.Version.Version} is in force.",
        { Outcome: ChangeOutcome.Done, Version: null } => $"{eventType} version {asked} is removed for good.",
        { Outcome: ChangeOutcome.Done, Version.State: SchemaState.Deleted } =>
            $"{eventType} version {result.Version.Version} is deleted: events that name it are refused. '{Product.CommandName} schema delete {eventType} {result.Version.Version} --permanent' removes its text too.",
        { Outcome: ChangeOutcome.Done } => $"{eventType} version {result.Version!.Version} is {result.Version.State.Code()}.",
        { Outcome: ChangeOutcome.AlreadySo } => $"Nothing to do: it is {eventType} version {result.Version!.Version}, {result.Version.State.Code()} since {Terminal.Moments.Text(result.Version.ChangedAt)}.",
        { Outcome: ChangeOutcome.NotFound } => $"There is no version {asked} of {eventType}: '{Product.CommandName} schema list' shows what there is. Nothing was changed.",
        { Outcome: ChangeOutcome.InvalidSchema } => $"It is no schema that can be used: {result.Problem!.Message}",
        { Outcome: ChangeOutcome.InvalidEventType } => $"'{eventType}' cannot be an event type: it has 1 to 200 characters.",
        { Outcome: ChangeOutcome.VersionTaken } => $"{eventType} version {result.Version!.Version} is another schema ({result.Version.State.Code()}), and versions do not change: leave --version out for the next number.",
        { Outcome: ChangeOutcome.Incompatible } => $"It is not compatible with {eventType} version {string.Join(", ", result.Conflicts.Select(c => c.Version).Distinct())} by the level of the type: nothing was changed. '{Product.CommandName} schema level {eventType} NONE' would allow it.",
        { Outcome: ChangeOutcome.TooManyRejects } => $"{eventType} version {result.Version!.Version} would refuse more stored events than are allowed: nothing was changed. --max-rejects allows more.",
        { Outcome: ChangeOutcome.InForce } => $"{eventType} version {result.Version!.Version} is in force: activate another version first, or stop looking with '{Product.CommandName} schema mode {eventType} off'. Nothing was changed.",
        { Outcome: ChangeOutcome.NotDeleted } => $"{eventType} version {result.Version!.Version} is {result.Version.State.Code()} and has to be deleted before it can be removed for good. Nothing was changed.",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result.Outcome, "Not an outcome."),
    };
}
