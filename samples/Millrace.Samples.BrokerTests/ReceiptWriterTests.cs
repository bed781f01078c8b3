using Millrace.Broker;

namespace Millrace.Samples.BrokerTests;

public sealed class ReceiptWriterTests : IAsyncLifetime
{
    private EmbeddedBroker _kafka = null!;
    private OrderDesk _desk = null!;

    public async ValueTask InitializeAsync()
    {
        _kafka = await EmbeddedBroker.StartAsync();
        _desk = new OrderDesk(_kafka.BootstrapServers, TimeSpan.FromSeconds(30));
        Assert.Equal(Answer.Accepted, await _desk.PlaceAsync("1", "a book"));
    }

    public async ValueTask DisposeAsync()
    {
        _desk.Dispose();
        await _kafka.DisposeAsync();
    }

    [Fact]
    public async Task Order_gets_a_receipt()
    {
        await using var writer = new ReceiptWriter(_kafka.BootstrapServers);

        Assert.Equal(["receipt for a book"], Receipts("1"));
    }

    [Fact]
    public async Task Order_that_is_committed_gets_no_second_receipt_from_the_next_writer()
    {
        await using (new ReceiptWriter(_kafka.BootstrapServers))
            Receipts("1");
        await using var next = new ReceiptWriter(_kafka.BootstrapServers);
        await _desk.PlaceAsync("2", "a pen");

        Assert.Equal(["receipt for a book", "receipt for a pen"], Receipts("1", "2"));
    }

    [Fact]
    public async Task Connections_that_break_lose_and_double_nothing()
    {
        await using var writer = new ReceiptWriter(_kafka.BootstrapServers);
        Receipts("1");

        Assert.NotEqual(0, _kafka.Faults.DropConnections());
        Assert.Equal(Answer.Accepted, await _desk.PlaceAsync("2", "a pen"));

        Assert.Equal(["receipt for a book", "receipt for a pen"], Receipts("1", "2"));
    }

    /// <summary>As after a long pause of the process. An order may have been read and not committed then, so a second receipt is right.</summary>
    [Fact]
    public async Task Writer_that_was_put_out_of_its_group_comes_back_and_forgets_no_order()
    {
        await using var writer = new ReceiptWriter(_kafka.BootstrapServers);
        Receipts("1");

        Assert.Equal(1, _kafka.Faults.ExpireSessions(ReceiptWriter.Group));
        await _desk.PlaceAsync("2", "a pen");
        Receipts("2");
        await _desk.PlaceAsync("3", "a lamp");

        Assert.Equal(["receipt for a book", "receipt for a pen", "receipt for a lamp"], Receipts("3").Distinct());
    }

    private List<string> Receipts(params string[] orders) => Topic.ReadUntil(_kafka.BootstrapServers, "receipts", orders);
}
