namespace Millrace.Operations.DeadLetters;

/// <summary>
/// What puts dead letters of one kind together, as an expression of SQL, so that a million of them are grouped and filtered where they are:
/// ten digits of a hash of the reason and the detail without quoted parts, ids and numbers.
/// </summary>
internal static class Fingerprint
{
    // In this order: what is quoted may hold ids, ids hold digits. The key and values that PostgreSQL names in a detail stand in parentheses.
    public const string Sql =
        """
        left(encode(sha256(convert_to(reason || chr(10) ||
            regexp_replace(
                regexp_replace(
                    regexp_replace(detail, '"[^"]*"|''[^'']*''|\)=\([^)]*\)', '…', 'g'),
                    '[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}', '#', 'g'),
                '[0-9]+', '#', 'g'), 'UTF8')), 'hex'), 10)
        """;
}
