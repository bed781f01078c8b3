using Millrace.Events.Json;

namespace Millrace.Schemas.Compilation;

[Flags]
internal enum TypeSet : ushort
{
    None = 0,
    Object = 1 << TokenKind.Object,
    Array = 1 << TokenKind.Array,
    /// <summary>Names are strings too: <c>propertyNames</c> looks at them.</summary>
    String = 1 << TokenKind.String | 1 << TokenKind.Name,

    /// <summary>Any number.</summary>
    Number = 1 << TokenKind.Number,
    Boolean = 1 << TokenKind.True | 1 << TokenKind.False,
    Null = 1 << TokenKind.Null,

    /// <summary>Only numbers without a fraction. It stands alone, without <see cref="Number"/>.</summary>
    Integer = 1 << (TokenKind.Name + 1),

    Any = Object | Array | String | Number | Boolean | Null,
}
