namespace Millrace.Protocol;

/// <summary>
/// Marks a class as a Kafka message. Version ranges are written as Kafka writes them: <c>"4-18"</c>, <c>"12+"</c>,
/// <c>"3"</c> or <c>"none"</c>. Fields are sent in the order in which the properties are declared.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class KafkaMessageAttribute(ApiKey apiKey, string versions, string flexible) : Attribute
{
    public ApiKey ApiKey { get; } = apiKey;

    public string Versions { get; } = versions;

    public string Flexible { get; } = flexible;
}

/// <summary>The versions that have the field; without it, all of them.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class VersionsAttribute(string range) : Attribute
{
    public string Range { get; } = range;
}

/// <summary>The versions in which the field may be null.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NullableInAttribute(string range) : Attribute
{
    public string Range { get; } = range;
}

/// <summary>
/// The versions that have the field, tagged: left out when it has its default value. A tagged structure is nullable in C#,
/// where null stands for "all fields at their default", so that the usual case allocates nothing.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TagAttribute(int number, string range) : Attribute
{
    public int Number { get; } = number;

    public string Range { get; } = range;
}

/// <summary>The field keeps its two-byte length in flexible versions too (the client id of the request header).</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NeverFlexibleAttribute : Attribute;
