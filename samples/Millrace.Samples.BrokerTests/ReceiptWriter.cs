using Confluent.Kafka;

namespace Millrace.Samples.BrokerTests;

/// <summary>
/// The second service under test: writes a receipt to the topic <c>receipts</c> for each order in <c>orders</c>. An order is committed when its receipt is
/// acknowledged, so that whatever happens there is a receipt, now and then a second one.
/// </summary>
public sealed class ReceiptWriter : IAsyncDisposable
{
    public const string Group = "receipt-writers";

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public ReceiptWriter(string bootstrapServers) => _running = Task.Run(() => RunAsync(bootstrapServers, _stop.Token));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private static async Task RunAsync(string bootstrapServers, CancellationToken stop)
    {
        var reading = new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = Group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            HeartbeatIntervalMs = 500,
        };
        using IConsumer<string, string> orders = new ConsumerBuilder<string, string>(reading).SetLogHandler((_, _) => { }).Build();
        using IProducer<string, string> receipts = new ProducerBuilder<string, string>(
            new ProducerConfig { BootstrapServers = bootstrapServers, EnableIdempotence = true, LingerMs = 0 }).SetLogHandler((_, _) => { }).Build();
        orders.Subscribe("orders");
        try
        {
            while (true)
            {
                ConsumeResult<string, string> order = orders.Consume(stop);
                await receipts.ProduceAsync("receipts", new Message<string, string> { Key = order.Message.Key, Value = $"receipt for {order.Message.Value}" }, stop);
                Commit(orders, order);
            }
        }
        catch (OperationCanceledException)
        {
            orders.Close();
        }
    }

    private static void Commit(IConsumer<string, string> orders, ConsumeResult<string, string> order)
    {
        try
        {
            orders.Commit(order);
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress)
        {
            // Kafka has put us out of the group. Whoever gets the partition next, perhaps we ourselves, reads the order again.
        }
    }
}
