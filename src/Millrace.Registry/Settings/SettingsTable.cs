using Millrace.Registry.Versions;
using Npgsql;

namespace Millrace.Registry.Settings;

/// <summary>Reads the settings of <c>pipeline.schema_settings</c> and <c>pipeline.schema_types</c>.</summary>
internal static class SettingsTable
{
    public static async Task<DefaultSettings> DefaultsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command("SELECT mode, level, strict, unknown_types FROM pipeline.schema_settings");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new DefaultSettings(
            Codes.ParseMode(row.GetString(0))!.Value, Codes.ParseLevel(row.GetString(1))!.Value, row.GetBoolean(2), Codes.ParseUnknown(row.GetString(3))!.Value);
    }

    /// <summary>Those of one type; <see cref="TypeSettings.None"/> where it is not known.</summary>
    public static async Task<TypeSettings> OfTypeAsync(NpgsqlConnection connection, string eventType, CancellationToken cancellationToken) =>
        (await ReadAsync(connection, "WHERE event_type = $1", [eventType], cancellationToken)).GetValueOrDefault(eventType, TypeSettings.None);

    /// <summary>Those of every type that is known, also of one without a version.</summary>
    public static Task<Dictionary<string, TypeSettings>> AllAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ReadAsync(connection, "", [], cancellationToken);

    /// <summary>What a new version of the type has to promise.</summary>
    public static async Task<CompatibilityRule> RuleAsync(NpgsqlConnection connection, string eventType, CancellationToken cancellationToken)
    {
        var defaults = await DefaultsAsync(connection, cancellationToken);
        var own = await OfTypeAsync(connection, eventType, cancellationToken);
        return new CompatibilityRule(own.Level ?? defaults.Level, own.Strict ?? defaults.Strict);
    }

    private static async Task<Dictionary<string, TypeSettings>> ReadAsync(
        NpgsqlConnection connection, string where, object?[] values, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"SELECT event_type, mode, level, strict FROM pipeline.schema_types {where}", values);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var settings = new Dictionary<string, TypeSettings>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken))
        {
            settings.Add(row.GetString(0), new TypeSettings(
                row.IsDBNull(1) ? null : Codes.ParseMode(row.GetString(1)),
                row.IsDBNull(2) ? null : Codes.ParseLevel(row.GetString(2)),
                row.IsDBNull(3) ? null : row.GetBoolean(3)));
        }

        return settings;
    }
}
