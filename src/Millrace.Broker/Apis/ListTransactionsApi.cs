using System.Text.RegularExpressions;
using Millrace.Broker.Transactions;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// ListTransactions, versions 0 to 2: the transactional ids, filtered by state, producer, how long the transaction has been open (1 on) and a
/// pattern for the id (2 on).
/// <para>Not as Kafka: the pattern is one of .NET's regular expressions without backtracking, where Kafka has RE2/J; what both know is the same.</para>
/// </summary>
internal sealed class ListTransactionsApi(BrokerServices services)
    : Api<ListTransactionsRequest, ListTransactionsResponse>(minVersion: 0, maxVersion: 2)
{
    protected override ValueTask<ListTransactionsResponse?> HandleAsync(ListTransactionsRequest request, RequestContext context)
    {
        if (!TryParse(request.TransactionalIdPattern, out var pattern))
            return ValueTask.FromResult<ListTransactionsResponse?>(new() { ErrorCode = ErrorCode.InvalidRegularExpression });

        var now = services.Settings.Time.GetUtcNow();
        return ValueTask.FromResult<ListTransactionsResponse?>(new()
        {
            UnknownStateFilters = request.StateFilters.FindAll(s => !Enum.TryParse<TransactionStatus>(s, out _)),
            TransactionStates =
            [
                .. services.Transactions.All.Where(IsWanted).OrderBy(t => t.Id, StringComparer.Ordinal).Select(t => new ListTransactionsResponse.ListedTransaction
                {
                    TransactionalId = t.Id, ProducerId = t.ProducerId, TransactionState = t.Status.ToString(),
                }),
            ],
        });

        bool IsWanted(TransactionState transaction) =>
            (request.StateFilters.Count == 0 || request.StateFilters.Contains(transaction.Status.ToString()))
            && (request.ProducerIdFilters.Count == 0 || request.ProducerIdFilters.Contains(transaction.ProducerId))
            && (request.DurationFilter < 0 || (transaction.IsOpen && (now - transaction.StartedAt).TotalMilliseconds > request.DurationFilter))
            && (pattern is null || pattern.IsMatch(transaction.Id));
    }

    private static bool TryParse(string? pattern, out Regex? regex)
    {
        regex = null;
        if (string.IsNullOrEmpty(pattern))
            return true;

        try
        {
            // Without backtracking, so that no pattern takes longer than the ids are long.
            regex = new Regex($"^(?:{pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
