using Millrace.Client;
using Millrace.Samples.Shop;

// `millrace up` in one terminal, `dotnet run --project samples/Millrace.Samples.Shop` in another.
var options = new MillraceProducerOptions
{
    BootstrapServers = args.Length > 0 ? args[0] : "localhost:9092",
    JsonContext = ShopContext.Default,
};

try
{
    await using var producer = new MillraceProducer(options);

    var placed = new OrderPlaced { UserId = "customer-7", Total = 49.90m };
    SentEvent sent = await producer.SendAsync(placed);
    Console.WriteLine($"{placed.EventType} {placed.EventId} is at {sent.Topic} {sent.Partition}, offset {sent.Offset}");

    IReadOnlyList<SentEvent> shipped = await producer.SendAsync(
        Enumerable.Range(1, 1_000).Select(n => new OrderShipped(placed.EventId, "Postal") { UserId = $"customer-{n}", CorrelationId = "sample" }));
    Console.WriteLine($"{shipped.Count} parcels are in {shipped.Select(one => one.Partition).Distinct().Count()} partitions");
    return 0;
}
catch (EventNotSentException e)
{
    Console.Error.WriteLine($"{e.Message} {(e.IsTransient ? "Is 'millrace up' running? The same event may be sent again." : "")}");
    return 1;
}
