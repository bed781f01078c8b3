using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Pipeline.Migrations;
using Millrace.Testing;
using Npgsql;

namespace Millrace.Pipeline.Tests.Migrations;

public sealed class MigratorTests(PostgresFixture postgres)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Processes_that_start_together_migrate_once()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var source = Database.Open(database.ConnectionString);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Migrator.MigrateAsync(source, NullLogger.Instance, Cancelled))));

        Assert.Equal(
            "0001_events.sql,0002_dead_letters.sql,0003_positions_and_ledger.sql,0004_delivery.sql,0005_store.sql,0006_insert_staged.sql,0007_schemas.sql",
            await database.ScalarAsync<string>("SELECT string_agg(scriptname, ',' ORDER BY scriptname) FROM pipeline.schema_versions"));
    }

    [Fact]
    public async Task Database_of_a_newer_version_is_refused_in_one_sentence()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var source = Database.Open(database.ConnectionString);
        await Migrator.MigrateAsync(source, NullLogger.Instance, Cancelled);
        await database.ExecuteAsync("INSERT INTO pipeline.schema_versions (scriptname, applied) VALUES ('9999_from_the_future.sql', now())");

        var refusal = await Assert.ThrowsAsync<PipelineStartException>(() => Migrator.MigrateAsync(source, NullLogger.Instance, Cancelled));

        Assert.Contains("9999_from_the_future.sql", refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task Database_that_is_not_utf8_is_refused()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        var name = $"ascii_{Guid.CreateVersion7():N}";
        await database.ExecuteAsync($"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        try
        {
            await using var source = Database.Open(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = name }.ConnectionString);

            var refusal = await Assert.ThrowsAsync<PipelineStartException>(() => Migrator.MigrateAsync(source, NullLogger.Instance, Cancelled));

            Assert.Contains("SQL_ASCII", refusal.Message);
        }
        finally
        {
            await database.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
        }
    }

    [Fact]
    public async Task Server_that_is_not_there_is_one_sentence()
    {
        await using var source = Database.Open("Host=127.0.0.1;Port=1;Username=nobody;Password=secret");

        var refusal = await Assert.ThrowsAsync<PipelineStartException>(() => Migrator.MigrateAsync(source, NullLogger.Instance, Cancelled));

        Assert.DoesNotContain("secret", refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Host=h;Frobnicate=secret")]
    public void Connection_string_that_is_none_is_refused_without_quoting_it(string text)
    {
        Assert.DoesNotContain("secret", Assert.Throws<PipelineStartException>(() => Database.Open(text)).Message);
    }
}
