namespace Millrace.Client;

/// <summary>Says how a type of events is called on the wire, and which version of its schema it is.</summary>
/// <param name="name">The <c>eventType</c>, 1 to 200 characters.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventTypeAttribute(string name) : Attribute
{
    /// <summary>The <c>eventType</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The <c>schemaVersion</c>, 1 or more. Default 1. A change of the type that its consumers can see is a new version.</summary>
    public int Version { get; set; } = 1;
}
