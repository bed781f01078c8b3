using System.Security.Cryptography;
using System.Text.Json;
using Millrace.Commands.Generate;
using Millrace.Events;

namespace Millrace.Tests.Commands.Generate;

public sealed class EventGeneratorTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Same_seed_makes_the_same_bytes_as_ever()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (GeneratedEvent made in Make(1000, seed: 1, bad: 0.05))
        {
            hash.AppendData(made.Key);
            hash.AppendData(made.Value);
        }

        // Frozen: a seed in somebody's script must mean the same next year.
        Assert.Equal("468c05546e5470c7", Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
    }

    [Fact]
    public void Another_seed_makes_other_events() =>
        Assert.NotEqual(Make(1, seed: 1)[0].Value, Make(1, seed: 2)[0].Value);

    [Fact]
    public void Events_are_events_with_unique_ids_keyed_by_their_user()
    {
        var ids = new HashSet<Guid>();
        var types = new HashSet<string>();
        foreach (GeneratedEvent made in Make(5000))
        {
            Assert.Equal(RefusalReason.None, EnvelopeReader.Read(made.Value, out Envelope envelope, out _));
            Assert.True(ids.Add(envelope.EventId!.Value));
            Assert.Equal(7, envelope.EventId.Value.Version);
            Assert.True(envelope.UserId.SequenceEqual(made.Key));
            types.Add(System.Text.Encoding.UTF8.GetString(envelope.EventType));
        }

        Assert.Superset(new HashSet<string> { "user_signup", "page_view", "order_placed" }, types);
    }

    [Fact]
    public void Events_are_of_the_usual_size() =>
        Assert.InRange(Make(5000).Average(e => e.Value.Length), 270, 330);

    [Fact]
    public void Users_stay_within_their_number_and_all_come()
    {
        int[] users = [.. Make(5000, users: 50).Select(e => JsonDocument.Parse(e.Value).RootElement.GetProperty("userId").GetInt32())];

        Assert.Equal(Enumerable.Range(1, 50), users.Distinct().Order());
    }

    [Fact]
    public void Bad_records_are_no_events_in_the_share_that_was_asked_for()
    {
        GeneratedEvent[] bad = [.. Make(20_000, bad: 0.1).Where(e => e.IsBad)];

        Assert.InRange(bad.Length, 1800, 2200);
        Assert.All(bad, e => Assert.NotEqual(RefusalReason.None, EnvelopeReader.Read(e.Value, out _, out _)));
        Assert.InRange(bad.Select(e => EnvelopeReader.Read(e.Value, out _, out _)).Distinct().Count(), 8, 20);
    }

    [Theory]
    [InlineData("0.1%", 0.001)]
    [InlineData("100%", 1.0)]
    [InlineData("0.25", 0.25)]
    [InlineData("0", 0.0)]
    [InlineData("101%", null)]
    [InlineData("2", null)]
    [InlineData("-1%", null)]
    [InlineData("some", null)]
    [InlineData("%", null)]
    public void Share_is_read_as_people_type_it(string text, double? expected) => Assert.Equal(expected, Share.Parse(text));

    private static GeneratedEvent[] Make(int count, ulong seed = 7, int users = 1000, double bad = 0)
    {
        var generator = new EventGenerator(new GeneratorSettings(seed, users, bad, Start, TimeSpan.FromMilliseconds(1)));
        return [.. Enumerable.Range(0, count).Select(_ => generator.Next())];
    }
}
