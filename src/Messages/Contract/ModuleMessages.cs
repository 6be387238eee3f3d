namespace Keel.Messages.Contract;

/// How a module says of what it tells people.
public static class ModuleMessages
{
    extension(ModuleContents contents)
    {
        /// Kinds of notices that the module sends; everybody chooses how they come.
        public ModuleContents Notices(params IReadOnlyList<NoticeKind> kinds)
        {
            foreach (var kind in kinds) contents.Desk(_ => kind);
            return contents;
        }
    }
}
