"""A contender's world: made of running emulators, and ended with its block."""

import uuid
from contextlib import ExitStack, contextmanager

from infra.fake_classroom import FakeClassroom
from infra.local.emulators import Emulators
from infra.local.functions import Function, running_functions
from infra.local.stack import Place, function_environment
from infra.local.topology import PubsubEmulator, read_topology
from tests.baselines.holding import HoldingProxy
from tests.baselines.ours import open_memory
from tests.baselines.school import ADMIN, a_school
from tests.baselines.world import World


@contextmanager
def a_world(contender, emulators, datastore, folder, *, quota=6000, proxied=True):
    """A world on running emulators: everything in it is new, and ends with it."""
    folder.mkdir(parents=True)
    sources = folder / "sources.toml"
    sources.write_text('[school]\ndomains = ["northside.example"]\n')
    limits = {"quota_per_user": quota, "quota_per_project": quota}
    with ExitStack() as opened:
        fake = opened.enter_context(FakeClassroom(a_school(), **limits))
        target = {"firestore": emulators.firestore, "datastore": datastore}.get(contender.store)
        proxy = opened.enter_context(HoldingProxy(target)) if target and proxied else None
        place = Place(
            folder=folder,
            endpoint=fake.endpoint,
            administrator=ADMIN,
            sources_file=sources,
            quota=quota,
            time_scale=1 / 3600,
            project=f"test-{uuid.uuid4().hex[:12]}",
        )
        store = proxy.address if proxy else target
        environment = _environment(place, emulators, store, contender)
        pubsub = PubsubEmulator.at(emulators.pubsub, place.project)
        opened.callback(pubsub.close)
        pubsub.realise(read_topology())
        names = (contender.function, *contender.others)
        functions = opened.enter_context(
            running_functions(
                Function(contender.plan(each), environment, folder, contender.sources)
                for each in names
            )
        )

        def another():
            apart = folder / "another"
            apart.mkdir()
            plan = contender.plan(contender.function)
            past = _environment(place, emulators, target, contender)  # what is held, holds not it
            more = Function(plan, past, apart, contender.sources)
            return opened.enter_context(running_functions([more]))[contender.function]

        memory = opened.enter_context(open_memory(pubsub)) if contender.own else None
        yield World(
            contender=contender,
            fake=fake,
            proxy=proxy,
            pubsub=pubsub,
            functions=functions,
            memory=memory,
            another=another,
        )


def _environment(place, emulators, store, contender):
    address = store or emulators.firestore
    native = address if contender.store == "firestore" else emulators.firestore
    told = function_environment(place.environment(Emulators(emulators.pubsub, native)), place)
    told["PYTHONPATH"] = f"{told['PYTHONPATH']}:{contender.sources}"
    if contender.store == "datastore":
        told["DATASTORE_EMULATOR_HOST"] = address
        told["DATASTORE_PROJECT_ID"] = place.project
    return told
