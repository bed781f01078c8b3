namespace Millrace.Protocol.Generator.Model;

/// <summary>A message class, as values: nothing of the compilation is kept, so that equal input gives equal models.</summary>
/// <param name="ApiKey">The enum member, as C# text.</param>
/// <param name="Body">The fields of the message itself.</param>
/// <param name="Structs">The nested classes, as declared.</param>
internal sealed record MessageModel(
    string Namespace,
    string ApiKey,
    VersionRange Versions,
    VersionRange Flexible,
    StructModel Body,
    EquatableArray<StructModel> Structs);

/// <summary>A message or a structure in it.</summary>
/// <param name="Reach">The versions of the message in which it can occur at all.</param>
/// <param name="IsTaggedValue">Some tagged field has it as its value, so that it must know whether it is at its default.</param>
/// <param name="MinSize">The fewest bytes that it takes in any version.</param>
internal sealed record StructModel(
    string Name,
    EquatableArray<FieldModel> Fields,
    VersionRange Reach,
    bool IsTaggedValue,
    int MinSize);
