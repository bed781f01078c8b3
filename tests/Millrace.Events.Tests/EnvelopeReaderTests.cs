using System.Text;

namespace Millrace.Events.Tests;

public sealed class EnvelopeReaderTests
{
    [Fact]
    public void Event_with_every_field_is_read()
    {
        var (reason, envelope, _) = EnvelopeText.Read(
            """
            {"eventType":"order_placed","eventId":"0198A1C2-7d3e-7abc-8def-0123456789ab","userId":"u-1","timestamp":"2026-03-04T05:06:07.123456Z",
             "schemaVersion":3,"correlationId":"c-9","data":{"eventType":"inner","items":[1,2.5,null,true,{"userId":7}]}}
            """);

        Assert.Equal(RefusalReason.None, reason);
        Assert.Equal(
            new EnvelopeText(
                "order_placed", Guid.Parse("0198a1c2-7d3e-7abc-8def-0123456789ab"), "u-1",
                new DateTime(2026, 3, 4, 5, 6, 7, 123, 456, DateTimeKind.Utc), 3, "c-9"),
            envelope);
        Assert.Equal(DateTimeKind.Utc, envelope!.Timestamp!.Value.Kind);
    }

    [Fact]
    public void Names_of_the_fields_are_those_that_may_stand_once()
    {
        Assert.All(Envelope.FieldNames, name => Assert.Equal(RefusalReason.DuplicateField, EnvelopeText.Read(
            name == "eventType" ? """{"eventType":"t","eventType":"t"}""" : $$"""{"eventType":"t","{{name}}":null,"{{name}}":null}""").Reason));
        Assert.Equal(6, Envelope.FieldNames.Count);
    }

    [Fact]
    public void Event_with_a_type_alone_is_read()
    {
        Assert.Equal(new EnvelopeText("t", null, null, null, null, null), EnvelopeText.Read("""{"eventType":"t"}""").Envelope);
    }

    [Theory]
    [InlineData("123", "123")]
    [InlineData("-0", "-0")]
    [InlineData("1.50", "1.50")]
    [InlineData("12345678901234567890123456789", "12345678901234567890123456789")]
    [InlineData("1e3", "1e3")]
    [InlineData("\"\"", "")]
    [InlineData("\"a\\u00e9\\n\\ud83d\\ude00\"", "aé\n😀")]
    [InlineData("null", null)]
    public void User_id_is_kept_as_text(string json, string? expected)
    {
        Assert.Equal(expected, EnvelopeText.Read($$"""{"eventType":"t","userId":{{json}}}""").Envelope!.UserId);
        Assert.Equal(expected, EnvelopeText.Read($$"""{"eventType":"t","correlationId":{{json}}}""").Envelope!.CorrelationId);
    }

    [Fact]
    public void Null_in_optional_fields_counts_as_absent()
    {
        var (_, envelope, _) = EnvelopeText.Read(
            """{"eventId":null,"userId":null,"timestamp":null,"schemaVersion":null,"correlationId":null,"eventType":"t"}""");

        Assert.Equal(new EnvelopeText("t", null, null, null, null, null), envelope);
    }

    [Fact]
    public void Null_event_id_is_located_so_that_an_id_can_take_its_place()
    {
        var json = """{"eventType":"t", "eventId" : null}"""u8;

        Assert.Equal(RefusalReason.None, EnvelopeReader.Read(json, out var envelope, out _));
        Assert.Equal("null", Encoding.UTF8.GetString(json.Slice(envelope.NullEventIdAt, 4)));
    }

    [Fact]
    public void Event_without_a_null_event_id_locates_none()
    {
        EnvelopeReader.Read("""{"eventType":"t"}"""u8, out var envelope, out _);

        Assert.Equal(-1, envelope.NullEventIdAt);
    }

    [Fact]
    public void Escaped_field_names_are_the_same_fields()
    {
        var (_, envelope, _) = EnvelopeText.Read("""{"event\u0054ype":"t","user\u0049d":5,"eventI\u0064":"0198a1c2-7d3e-7abc-8def-0123456789ab"}""");

        Assert.Equal("t", envelope!.EventType);
        Assert.Equal("5", envelope.UserId);
        Assert.NotNull(envelope.EventId);
    }

    [Fact]
    public void Field_names_are_case_sensitive_and_of_the_top_level_only()
    {
        Assert.Equal(RefusalReason.EventTypeMissing, EnvelopeText.Read("""{"EventType":"t","data":{"eventType":"t"},"list":[{"eventType":"t"}]}""").Reason);
    }

    [Theory]
    [InlineData(RefusalReason.NotJson, "")]
    [InlineData(RefusalReason.NotJson, " ")]
    [InlineData(RefusalReason.NotJson, "not json")]
    [InlineData(RefusalReason.NotJson, "{\"eventType\":\"t\"")]
    [InlineData(RefusalReason.NotJson, "{\"eventType\":\"t\"}}")]
    [InlineData(RefusalReason.NotJson, "{\"eventType\":\"t\"} {\"eventType\":\"t\"}")]
    [InlineData(RefusalReason.NotJson, "{\"eventType\":\"t\",}")]
    [InlineData(RefusalReason.NotJson, "{\"eventType\":\"t\" /* why */}")]
    [InlineData(RefusalReason.NotJson, "{'eventType':'t'}")]
    [InlineData(RefusalReason.NotJson, "{\"eventType\":\"t\",\"x\":NaN}")]
    [InlineData(RefusalReason.NotJson, "{\"eventType\":\"t\",\"x\":01}")]
    [InlineData(RefusalReason.NotJson, "{\"eventType\":\"t\",\"x\":\"a\nb\"}")]
    [InlineData(RefusalReason.NotJson, "{\"eventType\":\"t\",\"x\":\"\\x41\"}")]
    [InlineData(RefusalReason.NotJson, "{\"eventType\":\"t\",\"x\":\"\\u00g0\"}")]
    [InlineData(RefusalReason.NotJson, "[1")]
    [InlineData(RefusalReason.NotAnObject, "[]")]
    [InlineData(RefusalReason.NotAnObject, "[{\"eventType\":\"t\"}]")]
    [InlineData(RefusalReason.NotAnObject, "\"eventType\"")]
    [InlineData(RefusalReason.NotAnObject, "17")]
    [InlineData(RefusalReason.NotAnObject, "null")]
    [InlineData(RefusalReason.ByteOrderMark, "\uFEFF{\"eventType\":\"t\"}")]
    [InlineData(RefusalReason.NulCharacter, "{\"eventType\":\"t\",\"x\":\"a\\u0000b\"}")]
    [InlineData(RefusalReason.NulCharacter, "{\"eventType\":\"t\",\"a\\u0000b\":1}")]
    [InlineData(RefusalReason.NulCharacter, "{\"eventType\":\"t\",\"x\":\"a\0b\"}")]
    [InlineData(RefusalReason.NulCharacter, "{\"eventType\":\"t\",\"x\":1}\0")]
    [InlineData(RefusalReason.NulCharacter, "{\"eventType\":\"t\\u0000\"}")]
    [InlineData(RefusalReason.LoneSurrogate, "{\"eventType\":\"t\",\"x\":\"\\ud83d\"}")]
    [InlineData(RefusalReason.LoneSurrogate, "{\"eventType\":\"t\",\"x\":\"\\ude00\"}")]
    [InlineData(RefusalReason.LoneSurrogate, "{\"eventType\":\"t\",\"x\":\"\\ud83d\\ud83d\\ude00\"}")]
    [InlineData(RefusalReason.LoneSurrogate, "{\"eventType\":\"t\",\"x\":\"\\ud83dx\\ude00\"}")]
    [InlineData(RefusalReason.LoneSurrogate, "{\"eventType\":\"t\",\"x\":\"\\ud83d\\u0041\"}")]
    [InlineData(RefusalReason.LoneSurrogate, "{\"eventType\":\"t\",\"deep\":[{\"\\uD800\":1}]}")]
    [InlineData(RefusalReason.LoneSurrogate, "{\"eventType\":\"\\uDFFF\"}")]
    [InlineData(RefusalReason.NumberOutOfRange, "{\"eventType\":\"t\",\"x\":1e400000}")]
    [InlineData(RefusalReason.NumberOutOfRange, "{\"eventType\":\"t\",\"x\":[-1E+131072]}")]
    [InlineData(RefusalReason.NumberOutOfRange, "{\"eventType\":\"t\",\"x\":1e-16384}")]
    [InlineData(RefusalReason.NumberOutOfRange, "{\"eventType\":\"t\",\"x\":1e99999999999999999999}")]
    [InlineData(RefusalReason.NumberOutOfRange, "{\"eventType\":\"t\",\"userId\":1e200000}")]
    [InlineData(RefusalReason.DuplicateField, "{\"eventType\":\"t\",\"eventType\":\"t\"}")]
    [InlineData(RefusalReason.DuplicateField, "{\"eventType\":\"t\",\"event\\u0054ype\":\"u\"}")]
    [InlineData(RefusalReason.DuplicateField, "{\"eventType\":\"t\",\"userId\":null,\"userId\":1}")]
    [InlineData(RefusalReason.EventTypeMissing, "{}")]
    [InlineData(RefusalReason.EventTypeMissing, "{\"userId\":1}")]
    [InlineData(RefusalReason.EventTypeInvalid, "{\"eventType\":\"\"}")]
    [InlineData(RefusalReason.EventTypeInvalid, "{\"eventType\":null}")]
    [InlineData(RefusalReason.EventTypeInvalid, "{\"eventType\":17}")]
    [InlineData(RefusalReason.EventTypeInvalid, "{\"eventType\":{}}")]
    [InlineData(RefusalReason.EventIdInvalid, "{\"eventType\":\"t\",\"eventId\":\"17\"}")]
    [InlineData(RefusalReason.EventIdInvalid, "{\"eventType\":\"t\",\"eventId\":17}")]
    [InlineData(RefusalReason.EventIdInvalid, "{\"eventType\":\"t\",\"eventId\":\"0198a1c27d3e7abc8def0123456789ab\"}")]
    [InlineData(RefusalReason.EventIdInvalid, "{\"eventType\":\"t\",\"eventId\":\"{0198a1c2-7d3e-7abc-8def-0123456789ab}\"}")]
    [InlineData(RefusalReason.EventIdInvalid, "{\"eventType\":\"t\",\"eventId\":\"0198a1c2-7d3e-7abc-8def-0123456789ag\"}")]
    [InlineData(RefusalReason.EventIdInvalid, "{\"eventType\":\"t\",\"eventId\":\"00000000-0000-0000-0000-000000000000\"}")]
    [InlineData(RefusalReason.EventIdInvalid, "{\"eventType\":\"t\",\"eventId\":[]}")]
    [InlineData(RefusalReason.UserIdInvalid, "{\"eventType\":\"t\",\"userId\":true}")]
    [InlineData(RefusalReason.UserIdInvalid, "{\"eventType\":\"t\",\"userId\":{\"id\":1}}")]
    [InlineData(RefusalReason.CorrelationIdInvalid, "{\"eventType\":\"t\",\"correlationId\":[\"c\"]}")]
    [InlineData(RefusalReason.TimestampInvalid, "{\"eventType\":\"t\",\"timestamp\":\"yesterday\"}")]
    [InlineData(RefusalReason.TimestampInvalid, "{\"eventType\":\"t\",\"timestamp\":\"2026-03-04T05:06:07\"}")]
    [InlineData(RefusalReason.TimestampInvalid, "{\"eventType\":\"t\",\"timestamp\":1e30}")]
    [InlineData(RefusalReason.TimestampInvalid, "{\"eventType\":\"t\",\"timestamp\":253402300800000}")]
    [InlineData(RefusalReason.TimestampInvalid, "{\"eventType\":\"t\",\"timestamp\":false}")]
    [InlineData(RefusalReason.SchemaVersionInvalid, "{\"eventType\":\"t\",\"schemaVersion\":\"1\"}")]
    [InlineData(RefusalReason.SchemaVersionInvalid, "{\"eventType\":\"t\",\"schemaVersion\":-1}")]
    [InlineData(RefusalReason.SchemaVersionInvalid, "{\"eventType\":\"t\",\"schemaVersion\":1.5}")]
    [InlineData(RefusalReason.SchemaVersionInvalid, "{\"eventType\":\"t\",\"schemaVersion\":2147483648}")]
    public void Bad_event_is_refused_with_its_reason(RefusalReason expected, string json)
    {
        Assert.Equal(expected, EnvelopeText.Read(json).Reason);
    }

    [Theory]
    [InlineData("7b2265766e74ff")]
    [InlineData("7b226576656e7454797065223a22c0af227d")] // overlong
    [InlineData("7b226576656e7454797065223a22eda080227d")] // a surrogate as UTF-8
    [InlineData("7b226576656e7454797065223a22f4908080227d")] // above U+10FFFF
    [InlineData("fffe7b00")] // UTF-16
    public void Bytes_that_are_not_utf8_are_refused(string hex)
    {
        Assert.Equal(RefusalReason.InvalidUtf8, EnvelopeText.Read(Convert.FromHexString(hex)).Reason);
    }

    [Fact]
    public void Event_of_one_mebibyte_passes_and_one_byte_more_does_not()
    {
        Assert.Equal(RefusalReason.None, EnvelopeText.Read(OfSize(EnvelopeReader.MaxBytes)).Reason);
        Assert.Equal(RefusalReason.TooLarge, EnvelopeText.Read(OfSize(EnvelopeReader.MaxBytes + 1)).Reason);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void Nesting_of_128_levels_passes_and_one_level_more_does_not(string open, string close)
    {
        Assert.Equal(RefusalReason.None, EnvelopeText.Read(Nested(127)).Reason);
        Assert.Equal(RefusalReason.TooDeep, EnvelopeText.Read(Nested(128)).Reason);
        Assert.Equal(RefusalReason.TooDeep, EnvelopeText.Read(Nested(5000)).Reason);

        string Nested(int levels) =>
            $$"""{"eventType":"t","x":{{string.Concat(Enumerable.Repeat(open, levels))}}1{{string.Concat(Enumerable.Repeat(close, levels))}}}""";
    }

    [Fact]
    public void Lengths_are_counted_in_characters()
    {
        var wide = string.Concat(Enumerable.Repeat("😀", 200));
        Assert.Equal(RefusalReason.None, EnvelopeText.Read($$"""{"eventType":"{{wide}}"}""").Reason);
        Assert.Equal(RefusalReason.EventTypeInvalid, EnvelopeText.Read($$"""{"eventType":"{{wide}}x"}""").Reason);

        var id = string.Concat(Enumerable.Repeat("\\u00e9", 256));
        Assert.Equal(RefusalReason.None, EnvelopeText.Read($$"""{"eventType":"t","userId":"{{id}}","correlationId":"{{id}}"}""").Reason);
        Assert.Equal(RefusalReason.UserIdInvalid, EnvelopeText.Read($$"""{"eventType":"t","userId":"{{id}}x"}""").Reason);
        Assert.Equal(RefusalReason.CorrelationIdInvalid, EnvelopeText.Read($$"""{"eventType":"t","correlationId":"{{id}}x"}""").Reason);
        Assert.Equal(RefusalReason.UserIdInvalid, EnvelopeText.Read($$"""{"eventType":"t","userId":{{new string('9', 257)}}}""").Reason);
    }

    [Theory]
    [InlineData("1e131071")]
    [InlineData("1e-16383")]
    [InlineData("-9.99E+308")]
    public void Numbers_at_the_edge_of_numeric_pass(string number)
    {
        Assert.Equal(RefusalReason.None, EnvelopeText.Read($$"""{"eventType":"t","x":{{number}}}""").Reason);
    }

    [Fact]
    public void Long_digits_pass_up_to_the_edge_of_numeric()
    {
        Assert.Equal(RefusalReason.None, Of(new string('9', 131_072)));
        Assert.Equal(RefusalReason.NumberOutOfRange, Of(new string('9', 131_073)));
        Assert.Equal(RefusalReason.None, Of("0." + new string('9', 16_383)));
        Assert.Equal(RefusalReason.NumberOutOfRange, Of("0." + new string('9', 16_384)));

        static RefusalReason Of(string number) => EnvelopeText.Read($$"""{"eventType":"t","x":{{number}}}""").Reason;
    }

    [Fact]
    public void Position_is_where_the_reason_was_seen()
    {
        Assert.Equal(28, EnvelopeText.Read("""{"eventType":"t","userId":1,"userId":2}""").Position);
        Assert.Equal(26, EnvelopeText.Read("""{"eventType":"t","userId":true}""").Position);
    }

    [Theory]
    [InlineData(RefusalReason.NotJson, 21, "{\"eventType\":\"t\",\"x\":NaN}")]
    [InlineData(RefusalReason.NotJson, 17, "{\"eventType\":\"t\",}")]
    [InlineData(RefusalReason.NotJson, 16, "{\"eventType\":\"t\"")]
    [InlineData(RefusalReason.NotJson, 18, "{\"eventType\":\"t\"} 1")]
    [InlineData(RefusalReason.NulCharacter, 23, "{\"eventType\":\"t\",\"x\":\"a\\u0000\"}")]
    [InlineData(RefusalReason.LoneSurrogate, 23, "{\"eventType\":\"t\",\"x\":\"a\\ud83d\"}")]
    [InlineData(RefusalReason.NumberOutOfRange, 24, "{\"eventType\":\"t\",\"x\":[1,1e400000]}")]
    [InlineData(RefusalReason.NumberOutOfRange, 22, "{\"eventType\":\"t\",\"x\":[1e99999999999999999999]}")]
    [InlineData(RefusalReason.DuplicateField, 30, "{\"eventType\":\"t\",\"userId\":\"1\",\"user\\u0049d\":2}")]
    [InlineData(RefusalReason.EventIdInvalid, 27, "{\"eventType\":\"t\",\"eventId\":\"\\u0031\"}")]
    [InlineData(RefusalReason.EventTypeMissing, 7, "{\"a\":1}")]
    [InlineData(RefusalReason.NotAnObject, 0, " 17")]
    [InlineData(RefusalReason.ByteOrderMark, 0, "\uFEFF{}")]
    public void Position_is_where_a_reader_would_look(RefusalReason reason, int position, string json)
    {
        var (found, _, at) = EnvelopeText.Read(json);

        Assert.Equal((reason, position), (found, at));
    }

    [Fact]
    public void Texts_without_their_escapes_outlast_the_next_event()
    {
        EnvelopeReader.Read("""{"eventType":"\u0061b","userId":"\u0063d"}"""u8, out var first, out _);
        EnvelopeReader.Read("""{"eventType":"\u0078y","userId":"\u0079z"}"""u8, out _, out _);

        Assert.Equal("ab", Encoding.UTF8.GetString(first.EventType));
        Assert.Equal("cd", Encoding.UTF8.GetString(first.UserId));
    }

    [Fact]
    public void Tokens_are_given_for_the_bytes_that_were_read_until_others_are()
    {
        var json = """{"eventType":"t","x":1,"x":2}"""u8.ToArray();
        EnvelopeReader.Read(json, out var envelope, out _);

        Assert.True(envelope.TryGetTokens(json, out var view, out var duplicateNameAt));
        Assert.Equal(7, view.Tokens.Length);
        Assert.Equal(23, duplicateNameAt);
        Assert.False(envelope.TryGetTokens(json.ToArray(), out _, out _));
        Assert.False(envelope.TryGetTokens(json.AsSpan(1), out _, out _));

        EnvelopeReader.Read("[]"u8, out _, out _);
        Assert.False(envelope.TryGetTokens(json, out _, out _));
    }

    [Fact]
    public void Tokens_of_a_large_event_are_given_and_not_kept()
    {
        var json = Encoding.UTF8.GetBytes($$"""{"eventType":"t","x":[{{string.Join(',', Enumerable.Repeat("1", 100_000))}}]}""");
        EnvelopeReader.Read(json, out var envelope, out _);
        EnvelopeReader.Read("[]"u8, out _, out _);

        // Its buffers are its own: nothing has overwritten them.
        Assert.True(envelope.TryGetTokens(json, out var view, out _));
        Assert.Equal(100_005, view.Tokens.Length);
    }

    [Fact]
    public void Reading_a_plain_event_allocates_nothing()
    {
        var json = """{"eventType":"page_view","eventId":"0198a1c2-7d3e-7abc-8def-0123456789ab","userId":12,"timestamp":1772600767123,"data":{"a":[1,2,3]}}"""u8.ToArray();
        for (var i = 0; i < 100; i++)
            EnvelopeReader.Read(json, out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            EnvelopeReader.Read(json, out _, out _);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] OfSize(int bytes)
    {
        const string start = """{"eventType":"t","x":" """;
        return Encoding.UTF8.GetBytes(start + new string('x', bytes - start.Length - 2) + "\"}");
    }
}
