namespace Keel.App.Access;

/// Who may come in and what they may do: people, their roles, API keys.
internal sealed class AccessModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .Desk<People>()
        .Operation<SignIn>()
        .Operation<CreateUser>()
        .Operation<SetRoles>()
        .Operation<SetPassword>()
        .Operation<CreateApiKey>()
        .Operation<RevokeApiKey>()
        .View<UserList>()
        .View<ApiKeyList>();
}

internal static class AccessPermissions
{
    public const string Users = "access.users";
    public const string Keys = "access.keys";
    public const string SignIn = "access.sign-in";
}
