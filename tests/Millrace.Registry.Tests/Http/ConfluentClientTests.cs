using Confluent.SchemaRegistry;
using Millrace.Testing;

namespace Millrace.Registry.Tests.Http;

/// <summary>Confluent's own client for .NET against the registry.</summary>
public sealed class ConfluentClientTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Client_of_confluent_registers_fetches_and_compares()
    {
        await using var app = await RegistryApp.StartAsync(postgres);
        using var client = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = app.Address });
        var whole = new Schema("""{"type":"object","properties":{"total":{"type":"integer"}}}""", SchemaType.Json);
        var number = new Schema("""{"type":"object","properties":{"total":{"type":"number"}}}""", SchemaType.Json);

        var id = await client.RegisterSchemaAsync("orders-value", number);

        Assert.Equal(number.SchemaString, (await client.GetSchemaAsync(id)).SchemaString);
        Assert.Equal(id, await client.GetSchemaIdAsync("orders-value", number));
        Assert.Equal(["orders-value"], await client.GetAllSubjectsAsync());
        Assert.Equal([1], await client.GetSubjectVersionsAsync("orders-value"));
        var latest = await client.GetLatestSchemaAsync("orders-value");
        Assert.Equal((1, id, SchemaType.Json), (latest.Version, latest.Id, latest.SchemaType));
        Assert.False(await client.IsCompatibleAsync("orders-value", whole));
        var refused = await Assert.ThrowsAsync<SchemaRegistryException>(() => client.RegisterSchemaAsync("orders-value", whole));
        Assert.Equal(409, refused.ErrorCode);
        Assert.Equal(Compatibility.None, await client.UpdateCompatibilityAsync(Compatibility.None, "orders-value"));
        Assert.NotEqual(id, await client.RegisterSchemaAsync("orders-value", whole));
        Assert.Equal("1 deprecated, 2 active", await app.Run.StatesAsync("orders-value"));
    }
}
