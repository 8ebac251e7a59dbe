package identity

// The fx value group of all Permissions that there are, so that tokens can be made for them. A module gives its own as a
// slice under PermissionsGroup; who needs them all asks for a slice under PermissionGroup.
const (
	PermissionGroup  = `group:"permissions"`
	PermissionsGroup = `group:"permissions,flatten"`
)
