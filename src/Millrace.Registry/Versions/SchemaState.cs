namespace Millrace.Registry.Versions;

/// <summary>Where a version of a schema stands.</summary>
public enum SchemaState
{
    /// <summary>Registered; no event is held against it.</summary>
    Draft,

    /// <summary>In force: events of its type that name no version are held against it. One version of a type at most.</summary>
    Active,

    /// <summary>Was in force: events that name it are held against it still.</summary>
    Deprecated,

    /// <summary>Taken back: events that name it are refused. Its number stays taken and its text can be read.</summary>
    Deleted,
}
