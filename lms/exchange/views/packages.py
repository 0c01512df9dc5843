"""The pages of framework packages: the list, a package as a tree, an item, and the package as a file."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.permissions import me
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.addresses import site_address
from lms.core.paging import Page, page_of
from lms.core.words import _
from lms.exchange import actions
from lms.exchange.case.addresses import address, provider_of
from lms.exchange.forms import PackageFileForm
from lms.exchange.models import FrameworkPackage, PackageItem
from lms.exchange.package_files import FORMATS, file_of
from lms.exchange.permissions import can_change_package, can_hand_in, can_see_exchange
from lms.exchange.queries import packages as queries
from lms.exchange.queries.provider import holder_of
from lms.exchange.values import Branch, branches_of, levels_of, relations_of, said_of
from lms.exchange.views.blueprint import bp
from lms.exchange.words import association
from lms.organisations.permissions import my_duties

MOST_IN_ONE_TREE = 300
DEEPEST_IN_ONE_TREE = 8
ITEMS_ON_A_PAGE = 200
MOST_ASSOCIATIONS = 100
MOST_CRITERIA = 20
LONGEST_STEP = 60


@bp.get("/packages")
@signed_in
def packages() -> ResponseReturnValue:
    """Show the framework packages that a person may read."""
    authorize(can_see_exchange(my_duties()))
    return render_template("exchange/packages.html", packages=queries.packages(db.session(), my_duties()))


@bp.get("/packages/<uuid:package_id>")
@signed_in
def package(package_id: UUID) -> ResponseReturnValue:
    """Show a package: what it says of itself, and its items as a tree or, when there are many, level by level."""
    return _package_page(found(queries.one_package(db.session(), my_duties(), package_id)))


def _package_page(shown: FrameworkPackage) -> str:
    tree = _tree(shown)
    types = queries.item_types_of(db.session(), shown.id)
    return render_template(
        "exchange/package.html",
        package=shown,
        tree=tree,
        items=None if tree is not None else _items_under(shown.id, None),
        types_in_words=", ".join(f"{name or _('without a type')} ({number})" for name, number in types),
        definitions=queries.definitions_of(db.session(), shown.id),
        formats=FORMATS,
        address=_address_of(shown) if shown.public else None,
        may_change=can_change_package(my_duties(), shown),
        may_draft=can_hand_in(my_duties()),
    )


@dataclass(frozen=True, slots=True)
class Address:
    """Where other systems find a public package, and whether it is the common address."""

    url: str
    is_common: bool


def _address_of(shown: FrameworkPackage) -> Address:
    is_common = holder_of(db.session(), shown.identifier) == shown.id
    place_id = None if is_common else shown.organisation_id or shown.alliance_id
    base = provider_of(place_id, base=site_address())
    return Address(address("CFPackages", shown.identifier, base=base), is_common)


def _tree(shown: FrameworkPackage) -> list[Branch] | None:
    """Return the items as one tree, or None where it is too large or too deep to be read as one."""
    if shown.item_count > MOST_IN_ONE_TREE:
        return None
    items = queries.whole_tree(db.session(), shown.id)
    return branches_of(items) if all(item.depth <= DEEPEST_IN_ONE_TREE for item in items) else None


def _items_under(package_id: UUID, parent_id: UUID | None) -> Page[PackageItem]:
    after = request.args.get("after", -1, type=int)
    rows = queries.items_under(db.session(), package_id, parent_id, after=after, size=ITEMS_ON_A_PAGE + 1)
    return page_of(rows, size=ITEMS_ON_A_PAGE, cursor_of=lambda item: str(item.tree_position))


@bp.get("/packages/<uuid:package_id>/items/<uuid:item_id>")
@signed_in
def item(package_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Show an item with everything that was said of it, where it stands and what stands under it."""
    shown = found(queries.one_package(db.session(), my_duties(), package_id))
    one = found(queries.one_item(db.session(), package_id, item_id))
    associations = queries.associations_of_item(db.session(), one, size=MOST_ASSOCIATIONS)
    return render_template(
        "exchange/item.html",
        package=shown,
        item=one,
        above=[_step(above) for above in queries.ancestors_of(db.session(), one)],
        items=_items_under(package_id, one.id),
        relations=list(relations_of(one, associations)),
        levels=levels_of(queries.criteria_of_item(db.session(), one, size=MOST_CRITERIA)),
        said=said_of(one.data),
        association=association,
    )


def _step(above: PackageItem) -> tuple[str, str]:
    """Return an item as a step of the way down to the one that is shown."""
    return above.code or above.statement[:LONGEST_STEP], url_for(".item", package_id=above.package_id, item_id=above.id)


@bp.post("/packages/<uuid:package_id>/file")
@signed_in
def package_file(package_id: UUID) -> ResponseReturnValue:
    """Give a package as a file, and note who took it away."""
    shown = found(queries.one_package(db.session(), my_duties(), package_id))
    form = PackageFileForm().offer(FORMATS)
    if not form.validate_on_submit():
        return _package_page(shown), 422
    file = file_of(db.session(), shown, form.format.data, base=site_address())
    with db.transaction() as session:
        actions.note_taken_away(session, shown, to=form.format.data, by=me().id, at=clock.now())
    answer = Response(file.content, content_type=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    return answer


@bp.post("/packages/<uuid:package_id>/open")
@signed_in
def open_package(package_id: UUID) -> ResponseReturnValue:
    """Let everybody read a package at the addresses of the CASE standard."""
    shown = found(queries.one_package(db.session(), my_duties(), package_id))
    authorize(can_change_package(my_duties(), shown))
    with db.transaction() as session:
        actions.open_to_everybody(session, shown, by=me().id, at=clock.now())
    flash(_("Everybody can read this framework now."), "done")
    return redirect(url_for(".package", package_id=package_id))


@bp.post("/packages/<uuid:package_id>/close")
@signed_in
def close_package(package_id: UUID) -> ResponseReturnValue:
    """Let only those read a package whose organisation or alliance has it."""
    shown = found(queries.one_package(db.session(), my_duties(), package_id))
    authorize(can_change_package(my_duties(), shown))
    with db.transaction() as session:
        actions.close(session, shown, by=me().id, at=clock.now())
    flash(_("Only your own people can read this framework now."), "done")
    return redirect(url_for(".package", package_id=package_id))
