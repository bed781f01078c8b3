using System.Text;
using Millrace.Events;
using Millrace.Pipeline.Write;
using Millrace.Testing;
using Npgsql;

namespace Millrace.Pipeline.Tests.Write;

/// <summary>
/// The promise on which COPY without a second look rests: PostgreSQL takes as jsonb whatever the reader lets pass. And the other way round, that
/// what is refused as unstorable really cannot be stored.
/// </summary>
public sealed class JsonbAcceptanceTests(PostgresFixture postgres)
{
    private static readonly string[] Atoms =
    [
        "null", "true", "false", "0", "-0", "1", "-1", "1.0", "1e0", "1E+5", "1e-5", "-1.5e-10", "0e400000", "0.0e-20000", "1e131071", "1e131072", "1e-16383",
        "1e-16384", "123456789e131060", "9e307", "1e400000", "1e-400000", "1e2147483648", "1e-2147483648", "1e99999999999999999999", "0.000000000000000000000000001",
        "99999999999999999999999999999999999999999", "\"\"", "\"a\"", "\"\\\"\"", "\"\\\\u0000\"", "\"\\\\\\u0000\"", "\"\\/\\b\\f\\n\\r\\t\"", "\"\\u0001\"", "\"\\u001f\"",
        "\"\\u0000\"", "\"\\u007f\"", "\"\u007f\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\u0041\"", "\"\\uD83D\\uD83D\\uDE00\"", "\"\\ufffe\\uffff\"", "\"\uFFFE\uFFFF\"",
        "\"\u2028\u2029\"", "\"😀\"", "\"é\u0301\"", "{}", "[]", "[[]]", "{\"\":{}}", "{\"a\":1,\"a\":2}", "{\"\\u0061\":1}", "{\"\\u0000\":1}", "{\"\\ud800\":1}", "{\"eventType\":null}",
        "[1,2,[3,{\"x\":[]}]]", " 1 ", "\t\"x\"\r\n",
    ];

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Whatever_the_reader_lets_pass_is_stored(int seed)
    {
        await using var database = await PipelineDatabase.CreateAsync(postgres);
        await using var writer = database.Writer(await database.AcquireAsync());
        var random = new Random(seed);
        var events = Enumerable.Range(0, 3000).Select(_ => Event(random)).ToList();

        var batch = Batches.OfBytes(0, events);
        var result = await writer.FlushAsync(batch, TestContext.Current.CancellationToken);

        // None was rejected by the database, so every dead letter is the reader's.
        Assert.Equal(new FlushResult(FlushOutcome.Committed, batch.Rows.Count, 0, batch.Dead.Count, 0), result);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM pipeline.dead_letters WHERE reason = 'rejected_by_database'"));
        Assert.InRange(batch.Rows.Count, 500, 2900);
    }

    [Fact]
    public async Task What_the_reader_refuses_as_unstorable_cannot_be_stored()
    {
        await using var database = await PipelineDatabase.CreateAsync(postgres);
        await using var connection = await database.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var refused = 0;
        foreach (var atom in Atoms)
        {
            // Zero with a large exponent fits when PostgreSQL looks at it, but is refused like any other number of that form.
            if (atom.StartsWith("0e", StringComparison.Ordinal))
                continue;
            var json = $$"""{"eventType":"t","x":{{atom}}}""";
            var passes = EnvelopeReader.Read(Encoding.UTF8.GetBytes(json), out _, out _) == RefusalReason.None;
            Assert.True(passes == await IsJsonbAsync(connection, json), $"{json}: reader {passes}, PostgreSQL {!passes}");
            refused += passes ? 0 : 1;
        }

        Assert.InRange(refused, 10, Atoms.Length / 2);
    }

    private static byte[] Event(Random random)
    {
        var json = new StringBuilder("{\"eventType\":\"t\"");
        for (var fields = random.Next(4); fields > 0; fields--)
            json.Append(",\"").Append(Name(random)).Append("\":").Append(Value(random, 0));
        json.Append('}');
        var bytes = Encoding.UTF8.GetBytes(json.ToString());

        // Now and then one byte is anything.
        if (random.Next(10) == 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static string Value(Random random, int depth)
    {
        switch (random.Next(depth > 6 ? 1 : 4))
        {
            case 0:
                return Atoms[random.Next(Atoms.Length)];
            case 1:
                return '[' + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))) + ']';
            case 2:
                return '{' + string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => $"\"{Name(random)}\":{Value(random, depth + 1)}")) + '}';
            default:
                return $"{random.Next(-5, 5)}{(random.Next(2) == 0 ? "" : $".{random.Next(1000)}")}{(random.Next(2) == 0 ? "" : $"e{random.Next(-17_000, 140_000)}")}";
        }
    }

    private static string Name(Random random) => random.Next(6) switch
    {
        0 => "",
        1 => "\\u0041",
        2 => "x\\ud83d\\ude00",
        3 => "data",
        _ => $"f{random.Next(3)}",
    };

    private static async Task<bool> IsJsonbAsync(NpgsqlConnection connection, string json)
    {
        await using var command = new NpgsqlCommand("SELECT $1::text::jsonb", connection) { Parameters = { new() { Value = json } } };
        try
        {
            await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }
}
