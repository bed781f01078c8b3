using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Registry.Versions;
using Millrace.Schemas;
using Millrace.Schemas.Catalog;
using Npgsql;

namespace Millrace.Registry.Catalog;

/// <summary>Makes catalogs of what the tables hold. What was compiled once is kept for the next one.</summary>
internal sealed class CatalogReader(ILogger logger)
{
    // One statement, so that all of it is of one moment.
    private const string Sql =
        """
        SELECT settings.change, settings.unknown_types, schema.event_type, schema.version, schema.state, schema.fingerprint, schema.source,
               coalesce(type.mode, settings.mode)
          FROM pipeline.schema_settings settings
          LEFT JOIN (pipeline.schemas schema JOIN pipeline.schema_types type USING (event_type)) ON schema.state IN ('active', 'deprecated')
         ORDER BY schema.event_type, schema.version
        """;

    private Dictionary<string, JsonSchema> _compiled = new(StringComparer.Ordinal);

    /// <summary>The catalog of now, and the change that it is of.</summary>
    public async Task<(SchemaCatalog Catalog, long Change)> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(Sql);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var compiled = new Dictionary<string, JsonSchema>(StringComparer.Ordinal);
        var types = new Dictionary<string, TypeSchemas>(StringComparer.Ordinal);
        var unknown = UnknownTypes.Accept;
        long change = 0;
        while (await row.ReadAsync(cancellationToken))
        {
            change = row.GetInt64(0);
            unknown = Codes.ParseUnknown(row.GetString(1))!.Value;
            if (!row.IsDBNull(2))
                Add(row, types, compiled);
        }

        _compiled = compiled;

        // A type whose versions are all deprecated has none for events that name none.
        return (new SchemaCatalog(types.Values.Where(type => type.ActiveVersion > 0), unknown), change);
    }

    private void Add(NpgsqlDataReader row, Dictionary<string, TypeSchemas> types, Dictionary<string, JsonSchema> compiled)
    {
        var eventType = row.GetString(2);
        var version = row.GetInt32(3);
        var active = Codes.ParseState(row.GetString(4)) == SchemaState.Active;
        if (Compile(eventType, version, active, row.GetString(5), row.GetString(6)) is not { } schema)
            return;
        compiled[row.GetString(5)] = schema;
        var type = types.GetValueOrDefault(eventType)
            ?? new TypeSchemas(eventType, Codes.ParseMode(row.GetString(7))!.Value, 0, new Dictionary<int, JsonSchema>());
        types[eventType] = type with
        {
            ActiveVersion = active ? version : type.ActiveVersion,
            Versions = new Dictionary<int, JsonSchema>(type.Versions) { [version] = schema },
        };
    }

    /// <summary>Null when it cannot be used: registration lets no such schema in, but another version of Millrace may have.</summary>
    private JsonSchema? Compile(string eventType, int version, bool active, string fingerprint, string source)
    {
        if (_compiled.TryGetValue(fingerprint, out var known))
            return known;
        try
        {
            return JsonSchema.Compile(Encoding.UTF8.GetBytes(source), SchemaOptions.Default);
        }
        catch (SchemaException e)
        {
            logger.SchemaUnusable(
                eventType, version, e.Message, active ? "its type counts as one without a schema" : "events that name this version are refused");
            return null;
        }
    }
}
