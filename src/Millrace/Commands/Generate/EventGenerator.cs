using System.Buffers;
using System.Text.Json;

namespace Millrace.Commands.Generate;

/// <summary>A record that was made up: what Kafka gets as key and value.</summary>
internal readonly record struct GeneratedEvent(byte[] Key, byte[] Value, bool IsBad);

/// <summary>What is made up. The same settings give the same events, byte for byte.</summary>
/// <param name="Seed">Where the chance begins.</param>
/// <param name="Users">How many users there are; few of them make most of the events.</param>
/// <param name="BadShare">The share of records that are no events, 0 to 1.</param>
/// <param name="Start">The time of the first event.</param>
/// <param name="Interval">From one event to the next.</param>
internal sealed record GeneratorSettings(ulong Seed, int Users, double BadShare, DateTimeOffset Start, TimeSpan Interval);

/// <summary>
/// Makes up the events of a web shop, some 300 bytes each, the way real ones are spread: mostly page views, a few orders; a few
/// users who do much and many who do little; every user with a browser, a country and a session of their own.
/// </summary>
internal sealed class EventGenerator(GeneratorSettings settings)
{
    private static readonly JsonWriterOptions Writing = new() { SkipValidation = true };

    private readonly SeededRandom _random = new(settings.Seed);
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private long _made;

    public GeneratedEvent Next()
    {
        DateTimeOffset at = settings.Start + settings.Interval * _made++;
        int user = NextUser();
        byte[] key = System.Text.Encoding.ASCII.GetBytes($"{user}");
        if (settings.BadShare > 0 && _random.NextShare() < settings.BadShare)
            return new GeneratedEvent(key, BadRecords.Next(_random, user), true);

        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, Writing))
        {
            EventKind kind = EventKind.Pick(_random);
            json.WriteStartObject();
            json.WriteString("eventId"u8, NextId(at));
            json.WriteString("eventType"u8, kind.Name);
            json.WriteNumber("userId"u8, user);
            json.WriteString("timestamp"u8, at.UtcDateTime);
            json.WriteString("sessionId"u8, SessionOf(user, at));
            kind.Write(json, _random);
            WriteContext(json, user);
            json.WriteEndObject();
        }

        return new GeneratedEvent(key, _buffer.WrittenSpan.ToArray(), false);
    }

    /// <summary>Squaring the share makes the low numbers common: the busiest tenth of the users makes a third of the events.</summary>
    private int NextUser()
    {
        double share = _random.NextShare();
        return 1 + (int)(share * share * settings.Users);
    }

    /// <summary>A UUIDv7 whose random part comes from the seed.</summary>
    private Guid NextId(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, _random.NextBits());
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _random.NextBits());
        long milliseconds = at.ToUnixTimeMilliseconds();
        for (int i = 0; i < 6; i++)
            bytes[i] = (byte)(milliseconds >> (40 - 8 * i));
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A user's session lasts for the hour.</summary>
    private static string SessionOf(int user, DateTimeOffset at)
    {
        var random = new SeededRandom((ulong)user * 1_000_003 + (ulong)(at.ToUnixTimeSeconds() / 3600));
        return $"s-{random.NextBits():x16}";
    }

    private static void WriteContext(Utf8JsonWriter json, int user)
    {
        var random = new SeededRandom((ulong)user);
        json.WriteStartObject("context"u8);
        json.WriteString("country"u8, random.Pick(Catalogue.Countries));
        json.WriteString("device"u8, random.Pick(Catalogue.Devices));
        json.WriteString("browser"u8, random.Pick(Catalogue.Browsers));
        json.WriteString("ip"u8, $"203.0.113.{random.Next(256)}");
        json.WriteEndObject();
    }
}
