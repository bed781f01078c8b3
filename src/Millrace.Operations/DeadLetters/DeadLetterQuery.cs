using Npgsql;
using NpgsqlTypes;

namespace Millrace.Operations.DeadLetters;

/// <summary>A filter as SQL: only the conditions that are set, so that the planner sees what it can use an index for.</summary>
internal static class DeadLetterQuery
{
    /// <summary>Sets the command's text to <paramref name="before"/> WHERE … <paramref name="after"/>, and adds the parameters of the conditions.</summary>
    public static void Apply(NpgsqlCommand command, DeadLetterFilter filter, string before, string after)
    {
        var conditions = new List<string>();
        void Add(string comparison, object? value, NpgsqlDbType type)
        {
            if (value is null)
                return;
            command.Parameters.Add(new() { Value = value, NpgsqlDbType = type });
            conditions.Add($"{comparison} (${command.Parameters.Count})");
        }

        Add("dead_letter_id = ANY", filter.Ids?.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid);

        // Spelt out for the state that almost every question is about: it has a partial index, which a parameter would not match.
        if (filter.State == DeadLetterState.New)
            conditions.Add("state = 'new'");
        else
            Add("state =", filter.State?.Code(), NpgsqlDbType.Text);
        Add("reason =", filter.Reason, NpgsqlDbType.Text);
        Add("event_type =", filter.EventType, NpgsqlDbType.Text);
        Add("first_seen >=", filter.From?.UtcDateTime, NpgsqlDbType.TimestampTz);
        Add("first_seen <", filter.To?.UtcDateTime, NpgsqlDbType.TimestampTz);
        Add($"{Fingerprint.Sql} =", filter.Fingerprint, NpgsqlDbType.Text);
        command.CommandText = $"{before} WHERE {(conditions.Count == 0 ? "true" : string.Join(" AND ", conditions))} {after}";
    }
}
