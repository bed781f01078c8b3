namespace Millrace.Protocol.Generator.Model;

/// <summary>How a value lies on the wire.</summary>
internal enum WireKind
{
    Boolean,
    Int8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    Float64,
    Uuid,
    String,
    Bytes,
    Struct,
}

/// <summary>A property of a message or structure.</summary>
/// <param name="Kind">Of the value, or of the elements where <paramref name="IsList"/>.</param>
/// <param name="TypeName">The C# type of the value or element, without a question mark.</param>
/// <param name="IsEnum">The value is cast from and to the enum <paramref name="TypeName"/>.</param>
/// <param name="IsNullableType">The property has a question mark.</param>
/// <param name="Versions">As declared; not yet cut to the versions of the message.</param>
/// <param name="NullableIn">The versions that have a null for it.</param>
/// <param name="Tag">Null when it is not tagged.</param>
/// <param name="DefaultLiteral">The constant that the property starts with, as C# text.</param>
internal sealed record FieldModel(
    string Name,
    WireKind Kind,
    string TypeName,
    bool IsEnum,
    bool IsList,
    bool IsNullableType,
    VersionRange Versions,
    VersionRange NullableIn,
    int? Tag,
    bool NeverFlexible,
    string DefaultLiteral);
