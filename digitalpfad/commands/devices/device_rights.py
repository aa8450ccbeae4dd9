"""What follows for the broker when a device comes, goes or gets another password: proven, or said what to run."""

from __future__ import annotations

from digitalpfad import services
from digitalpfad.broker import login_proof, service_logins
from digitalpfad.commands.output import say
from digitalpfad.config.model import Settings
from digitalpfad.data_directory.folder import DataDir
from geodata.messages.message import Message, message, phrase


def after_add(present: Settings, login: dict[str, str]) -> None:
    """Raises NotInForce where the running embedded broker does not let the new device in."""
    if present.mqtt_url is None:
        _prove(present, phrase("The broker lets it in: tried just now."), login)
        return
    say(
        message(
            "Add this user to your broker, with rights to its own topics only. mosquitto: run 'mosquitto_passwd"
            " /etc/mosquitto/digitalpfad.passwd {device}' and enter the password, then 'systemctl reload mosquitto'."
            " NATS: an entry with the line 'bcrypt', then 'nats-server --signal reload'"
            ' (docs/operations.md, "The login of a device").',
            device=login["user"],
        )
    )


def after_new_password(present: Settings, login: dict[str, str]) -> None:
    """Raises NotInForce where the running embedded broker does not go by the new password."""
    if present.mqtt_url is None:
        _prove(
            present,
            phrase("The old password works no more, and a session begun with it is ended: the broker takes the new."),
            login,
        )
        return
    say(
        message(
            "Your broker knows only the old password yet. mosquitto: run 'mosquitto_passwd"
            " /etc/mosquitto/digitalpfad.passwd {device}' and enter the new one, then 'systemctl reload mosquitto'."
            " NATS: replace the user's password by the line 'bcrypt', then 'nats-server --signal reload'"
            ' (docs/operations.md, "The login of a device").',
            device=login["user"],
        )
    )


def after_revoke(present: Settings, device: str) -> None:
    """Raises NotInForce where the running embedded broker still goes by the devices of before."""
    if present.mqtt_url is None:
        _prove(present, phrase("The broker has thrown it out and lets in nobody by its login."))
    elif service_logins.name_conflict(present, [device]):
        say(message("Leave the user {device} at your broker alone: it is a service's login.", device=device))
    else:
        say(
            message(
                "Remove this user from your broker too, or it can still report. mosquitto: run 'mosquitto_passwd -D"
                " /etc/mosquitto/digitalpfad.passwd {device}', then 'systemctl reload mosquitto'. NATS: take its entry"
                " away, then 'nats-server --signal reload' (docs/operations.md, \"The login of a device\").",
                device=device,
            )
        )


def after_removed_trail(present: Settings) -> None:
    """Tell what becomes of the logins of a removed trail's devices.

    Raises NotInForce where the running embedded broker still goes by the devices of before.
    """
    if present.mqtt_url is None:
        _prove(present, phrase("The broker has thrown out its devices and lets in nobody by their logins."))
    else:
        say(
            phrase(
                'Remove the users of its devices from your broker too (docs/operations.md, "The login of a device").'
            )
        )


def _prove(present: Settings, proven: Message, login: dict[str, str] | None = None) -> None:
    user, password = (login["user"], login["password"]) if login else ("", "")
    with services.open_database(present) as database:
        runs = login_proof.prove(present, database, user, password)
    if runs:
        say(proven)
        return
    say(
        message(
            "'digitalpfad up' does not run with {folder}: this counts from its next start on.",
            folder=str(DataDir.at(present.data_dir).path),
        )
    )
