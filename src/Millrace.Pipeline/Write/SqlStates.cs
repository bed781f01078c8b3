using Npgsql;

namespace Millrace.Pipeline.Write;

/// <summary>Which errors are about the data, and which mean that the database is away.</summary>
internal static class SqlStates
{
    /// <summary>Raised by <c>pipeline.advance</c>.</summary>
    public const string PositionNotOurs = "MR001";

    private const string RaiseException = "P0001";
    private const string CardinalityViolation = "21000";

    /// <summary>
    /// Whether the server refused the rows themselves: class 22 (data exception), class 23 (constraint violation), 21000, or P0001
    /// (RAISE EXCEPTION in a trigger). Only then is
    /// a row looked for; everything else is an outage, whatever it is, and is waited out.
    /// </summary>
    public static bool IsDataRejection(PostgresException e) =>
        e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState == CardinalityViolation || IsRuleOfTheTable(e.SqlState);

    /// <summary>
    /// Whether a constraint or a trigger said no. None of ours does: the primary key is answered by ON CONFLICT before it can. So it is a rule that
    /// somebody added to the table, and it may depend on more than the row.
    /// </summary>
    public static bool IsRuleOfTheTable(string sqlState) => sqlState.StartsWith("23", StringComparison.Ordinal) || sqlState == RaiseException;
}
