using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace Millrace.Commands.Sql;

/// <summary>
/// The rows of one statement as a JSON array of objects. Numbers, booleans, null and json columns are what they are in JSON;
/// everything else is the text that PostgreSQL itself prints.
/// </summary>
internal static class JsonRows
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> WriteAsync(string connectionString, string sql, Stream output, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
            await using NpgsqlCommand command = source.CreateCommand(sql);
            // Text for all columns: PostgreSQL's own form, whatever types there are.
            command.AllResultTypesAreUnknown = true;
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            await using var json = new Utf8JsonWriter(output, Writing);
            json.WriteStartArray();
            while (await reader.ReadAsync(cancellationToken))
            {
                json.WriteStartObject();
                for (int i = 0; i < reader.FieldCount; i++)
                {
                    json.WritePropertyName(reader.GetName(i));
                    WriteValue(json, reader.GetDataTypeName(i), reader.IsDBNull(i) ? null : reader.GetString(i));
                }

                json.WriteEndObject();
                await json.FlushAsync(cancellationToken);
            }

            json.WriteEndArray();
            await json.FlushAsync(cancellationToken);
            output.WriteByte((byte)'\n');
            return ExitCodes.Success;
        }
        catch (PostgresException e)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"PostgreSQL: {e.MessageText}{(e.Position > 0 ? $" (at character {e.Position})" : "")}", e);
        }
        catch (NpgsqlException e)
        {
            throw new CommandFailedException(ExitCodes.NotRunning, $"PostgreSQL does not answer: {e.Message}", e);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, string type, string? text)
    {
        switch (type)
        {
            case not null when text is null:
                json.WriteNullValue();
                break;
            case "boolean":
                json.WriteBooleanValue(text == "t");
                break;
            // NaN and Infinity are numbers to PostgreSQL, but not to JSON.
            case "smallint" or "integer" or "bigint" or "real" or "double precision" or "numeric" when text![^1] is >= '0' and <= '9':
                json.WriteRawValue(text);
                break;
            case "json" or "jsonb":
                json.WriteRawValue(text!);
                break;
            default:
                json.WriteStringValue(text);
                break;
        }
    }
}
