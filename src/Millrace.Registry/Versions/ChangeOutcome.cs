namespace Millrace.Registry.Versions;

/// <summary>What became of a request to change the versions of a type. A closed set.</summary>
public enum ChangeOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It had been so before; nothing was changed.</summary>
    AlreadySo,

    /// <summary>There is no such type or version.</summary>
    NotFound,

    /// <summary>The text is no schema; <see cref="ChangeResult.Problem"/> says where and why.</summary>
    InvalidSchema,

    /// <summary>The event type's name is not one of 1 to 200 characters.</summary>
    InvalidEventType,

    /// <summary>Another schema is registered under this number.</summary>
    VersionTaken,

    /// <summary>The level of the type forbids it; <see cref="ChangeResult.Conflicts"/> says what.</summary>
    Incompatible,

    /// <summary>It would refuse more of the stored events than was allowed.</summary>
    TooManyRejects,

    /// <summary>The version is in force, and what was asked would leave its type without one.</summary>
    InForce,

    /// <summary>What is to be removed for good has to be deleted first.</summary>
    NotDeleted,
}
