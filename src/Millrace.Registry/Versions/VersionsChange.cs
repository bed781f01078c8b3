using System.Text.Json;
using Millrace.Registry.Settings;

namespace Millrace.Registry.Versions;

/// <summary>
/// The changes to the versions of one type, within a transaction that holds the lock of all changes: what was read at its begin stays so. Only an
/// outcome of <see cref="ChangeOutcome.Done"/> is committed.
/// </summary>
internal sealed class VersionsChange(RegistryChange change, string eventType, IReadOnlyList<SchemaVersion> versions, CancellationToken cancellationToken)
{
    private const string InsertSql =
        """
        INSERT INTO pipeline.schemas (event_type, version, schema_id, fingerprint, source, state, registered_by, changed_by)
        SELECT $1, $2, coalesce((SELECT min(schema_id) FROM pipeline.schemas WHERE fingerprint = $3), nextval('pipeline.schema_ids')), $3, $4, 'draft', $5, $5
        """;

    private SchemaVersion? Active => versions.FirstOrDefault(version => version.State == SchemaState.Active);

    /// <summary>The end of a registration that has nothing to change; null when it has.</summary>
    public static ChangeResult? AlreadySo(IReadOnlyList<SchemaVersion> versions, SchemaText text, int? number, bool activate) =>
        Same(versions, text, number) is { } same && !(activate && same.State == SchemaState.Draft) ? new ChangeResult(ChangeOutcome.AlreadySo, same) : null;

    public async Task<ChangeResult> RegisterAsync(SchemaText text, int? number, bool activate)
    {
        if (AlreadySo(versions, text, number, activate) is { } result)
            return result;
        if (Same(versions, text, number) is { } draft)
            return await ActivateAsync(draft, text);
        if (versions.FirstOrDefault(version => version.Version == number) is { } taken)
            return new ChangeResult(ChangeOutcome.VersionTaken, taken);

        var added = await AddAsync(text, number);
        return activate ? await ActivateAsync(added, text) : new ChangeResult(ChangeOutcome.Done, added);
    }

    public async Task<ChangeResult> ActivateAsync(int number)
    {
        if (Find(number) is not { } version)
            return new ChangeResult(ChangeOutcome.NotFound, null);
        return version.State == SchemaState.Active
            ? new ChangeResult(ChangeOutcome.AlreadySo, version)
            : await ActivateAsync(version, SchemaText.Of(version));
    }

    public async Task<ChangeResult> DeprecateAsync(int number)
    {
        switch (Find(number))
        {
            case null:
                return new ChangeResult(ChangeOutcome.NotFound, null);
            case { State: SchemaState.Active } version:
                return new ChangeResult(ChangeOutcome.InForce, version);
            case { State: SchemaState.Deprecated } version:
                return new ChangeResult(ChangeOutcome.AlreadySo, version);
            case var version:
                var deprecated = await MoveAsync(version, SchemaState.Deprecated);
                await NoteAsync("schema.deprecate", deprecated, null, "deprecated");
                return new ChangeResult(ChangeOutcome.Done, deprecated);
        }
    }

    public async Task<ChangeResult> DeleteAsync(int number) => Find(number) is { State: SchemaState.Active } version
        ? new ChangeResult(ChangeOutcome.InForce, version)
        : await WithdrawAsync(number);

    public async Task<ChangeResult> WithdrawAsync(int number)
    {
        if (Find(number) is not { } version)
            return new ChangeResult(ChangeOutcome.NotFound, null);
        var deleted = await MoveAsync(version, SchemaState.Deleted);
        var next = version.State == SchemaState.Active ? versions.LastOrDefault(other => other.State == SchemaState.Deprecated) : null;
        if (next is not null)
            await MoveAsync(next, SchemaState.Active);
        await NoteAsync("schema.delete", deleted, null, next is null ? "deleted" : $"deleted; {next.Version} is in force again");
        return new ChangeResult(ChangeOutcome.Done, deleted);
    }

    public async Task<ChangeResult> RemoveAsync(int number)
    {
        if (versions.FirstOrDefault(version => version.Version == number) is not { } version)
            return new ChangeResult(ChangeOutcome.NotFound, null);
        if (version.State != SchemaState.Deleted)
            return new ChangeResult(ChangeOutcome.NotDeleted, version);
        await change.ExecuteAsync("DELETE FROM pipeline.schemas WHERE event_type = $1 AND version = $2", [eventType, number], cancellationToken);
        await NoteAsync("schema.remove", version, null, "removed for good");
        return new ChangeResult(ChangeOutcome.Done, null);
    }

    public async Task<IReadOnlyList<int>> DeleteAllAsync()
    {
        List<SchemaVersion> there = [.. versions.Where(version => version.State != SchemaState.Deleted)];
        foreach (var version in there)
            await NoteAsync("schema.delete", await MoveAsync(version, SchemaState.Deleted), null, "deleted with its type");
        return [.. there.Select(version => version.Version)];
    }

    public async Task<IReadOnlyList<int>> RemoveAllAsync()
    {
        List<int> deleted = [.. versions.Where(version => version.State == SchemaState.Deleted).Select(version => version.Version)];
        foreach (var number in deleted)
            await RemoveAsync(number);
        return deleted;
    }

    private async Task<ChangeResult> ActivateAsync(SchemaVersion version, SchemaText text)
    {
        var rule = await SettingsTable.RuleAsync(change.Connection, eventType, cancellationToken);
        var conflicts = rule.Conflicts(versions, text.Schema, version.Version);
        if (conflicts.Count > 0)
            return new ChangeResult(ChangeOutcome.Incompatible, version) { Conflicts = conflicts };
        var before = Active;
        if (before is not null)
            await MoveAsync(before, SchemaState.Deprecated);
        var active = await MoveAsync(version, SchemaState.Active);
        await NoteAsync("schema.activate", active, before?.Version, $"in force, {rule.Level.Code()}{(rule.Strict ? ", strict" : "")}");
        return new ChangeResult(ChangeOutcome.Done, active);
    }

    private async Task<SchemaVersion> AddAsync(SchemaText text, int? number)
    {
        await change.ExecuteAsync("INSERT INTO pipeline.schema_types (event_type) VALUES ($1) ON CONFLICT DO NOTHING", [eventType], cancellationToken);
        await using var command = change.Connection.Command(
            "UPDATE pipeline.schema_types SET last_version = greatest(last_version, coalesce($2, last_version + 1)) WHERE event_type = $1 RETURNING last_version",
            eventType, number);
        command.Parameters[1].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer;
        var last = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        var taken = number ?? last;
        var added = await VersionTable.WriteAsync(
            change.Connection, InsertSql, [eventType, taken, text.Fingerprint, text.Source, change.Actor], cancellationToken);
        await NoteAsync("schema.add", added, null, "registered");
        return added;
    }

    private Task<SchemaVersion> MoveAsync(SchemaVersion version, SchemaState state) => VersionTable.WriteAsync(
        change.Connection, "UPDATE pipeline.schemas SET state = $3, changed_at = now(), changed_by = $4 WHERE event_type = $1 AND version = $2",
        [eventType, version.Version, state.Code(), change.Actor], cancellationToken);

    private Task NoteAsync(string action, SchemaVersion version, int? before, string outcome) => change.NoteAsync(
        action, $"{eventType} {version.Version}",
        JsonSerializer.Serialize(new VersionNote(version.SchemaId, version.Fingerprint, before), RegistryJson.Default.VersionNote), outcome, cancellationToken);

    private static SchemaVersion? Same(IReadOnlyList<SchemaVersion> versions, SchemaText text, int? number) => versions.FirstOrDefault(version =>
        version.State != SchemaState.Deleted && version.Fingerprint == text.Fingerprint && (number is null || version.Version == number));

    private SchemaVersion? Find(int number) => versions.FirstOrDefault(version => version.Version == number && version.State != SchemaState.Deleted);
}
